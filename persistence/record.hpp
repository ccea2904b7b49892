#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/ids.hpp"

namespace queenright::persistence {

/// One turn: what went into a role and what came out of it.
struct Record {
  static constexpr auto name = "Record";
  messages::RoleId role;
  messages::RoleSequence sequence;
  std::string input;                   ///< an encoded messages::Input
  std::vector<std::uint64_t> effects;  ///< the digest of each effect, in their order
  std::string failure;                 ///< the invariant which the step broke; empty: it held

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "role", self.role);
    visit(2, "sequence", self.sequence);
    visit(3, "input", self.input);
    visit(4, "effects", self.effects);
    visit(5, "failure", self.failure);
  }
};

}  // namespace queenright::persistence
