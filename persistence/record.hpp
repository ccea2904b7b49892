#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "messages/ids.hpp"
#include "messages/input.hpp"

namespace queenright::persistence {

class HelloNumbers;

/// One turn: what went into a role and what came out of it.
struct Record {
  static constexpr auto name = "Record";
  messages::RoleId role;
  messages::RoleSequence sequence;
  std::string input;                   ///< an encoded messages::Input
  std::vector<std::uint64_t> effects;  ///< the digest of each effect, in their order
  std::string failure;                 ///< the invariant which the step broke; empty: it held

  /// The input once more, where a block's reader has made it anyway; lives as long as the visit.
  const messages::Input* decoded = nullptr;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "role", self.role);
    visit(2, "sequence", self.sequence);
    visit(3, "input", self.input);
    visit(4, "effects", self.effects);
    visit(5, "failure", self.failure);
  }
};

/// How long a record may wait for a sync that another one asks for, before it asks itself.
enum class Urgency : std::uint8_t {
  at_once,  ///< something waits for it: an effect, or a boot's word that it is durable
  soon,     ///< nothing waits for it
  lazy      ///< its turn only kept in touch
};

/// One turn on its way into the journal; the views live as long as the call.
struct TurnRecord {
  messages::RoleId role;
  messages::RoleSequence sequence;
  std::string_view input;
  std::span<const std::uint64_t> effects;
  std::string_view failure;
  const HelloNumbers* hello{};  ///< its input is one (hello_record.hpp): stored as a difference
  Urgency urgency{};
};

}  // namespace queenright::persistence
