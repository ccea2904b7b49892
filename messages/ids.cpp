#include "messages/ids.hpp"

#include <array>
#include <string_view>

namespace queenright::messages {

std::string name_of(RoleId role) {
  static constexpr std::array<std::string_view, 6> names{"none",    "supervisor", "queen",
                                                         "circuit", "worker",     "client"};
  const auto kind = static_cast<std::size_t>(role.kind);
  const std::string name(kind < names.size() ? names[kind] : "unknown");
  const bool many = role.kind == RoleKind::circuit || role.kind == RoleKind::client;
  return many ? name + "/" + std::to_string(role.number) : name;
}

}  // namespace queenright::messages
