#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "messages/role.hpp"

namespace queenright::persistence {

/// A role, and how many inputs it has had.
struct ActiveRole {
  messages::RoleId id;
  std::unique_ptr<messages::Role> role;  ///< none after a broken invariant, until it is rebuilt
  messages::RoleSequence sequence;
  messages::Position booting{};  ///< its Booted, until that is known to be synced; 0: it is
};

/// What came of one step.
struct Stepped {
  std::vector<messages::Effect> effects;
  std::string failure;  ///< the invariant that it broke; empty: it held
};

/// Steps a role: in the live turn, in recovery and in replay alike. A broken invariant leaves
/// the role quarantined, or gone. `encoded` are the bytes of `input`.
Stepped step_role(const messages::Catalogue& catalogue, ActiveRole& self, messages::Input input,
                  std::string_view encoded);

/// The digest of each effect's canonical encoding, as the journal keeps it.
std::vector<std::uint64_t> digests_of(const std::vector<messages::Effect>& effects);

}  // namespace queenright::persistence
