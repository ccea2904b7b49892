#pragma once

#include "actors/roles/supervision/restart_policy.hpp"
#include "election/rules.hpp"
#include "messages/role.hpp"

namespace queenright::roles {

/// Every kind of role of this program.
class RoleCatalogue : public messages::Catalogue {
 public:
  explicit RoleCatalogue(SupervisorSpec supervision, election::Rules rules = {})
      : supervision_(std::move(supervision)), rules_(rules) {}

  std::unique_ptr<messages::Role> make(messages::RoleId role) const override;
  messages::Result<std::unique_ptr<messages::Role>> restore(
      messages::RoleId role, std::string_view snapshot) const override;
  std::unique_ptr<messages::Role> quarantine(messages::RoleId role,
                                             std::unique_ptr<messages::Role> broken,
                                             const messages::Input& input,
                                             const std::string& reason,
                                             messages::Effects& effects) const override;
  std::uint32_t version() const override { return 1; }

 private:
  SupervisorSpec supervision_;
  election::Rules rules_;
};

/// The roles of an embedded hive: a queen and a worker on one node.
SupervisorSpec embedded_supervision();

}  // namespace queenright::roles
