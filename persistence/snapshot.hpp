#pragma once

#include <string>
#include <string_view>

#include "messages/ids.hpp"
#include "messages/result.hpp"

namespace queenright::persistence {

/// The state of one role between two of its turns.
struct Snapshot {
  static constexpr auto name = "Snapshot";
  messages::RoleId role;
  messages::RoleSequence sequence;  ///< inputs which the state contains
  /// The state contains every input of this role up to here in the journal; replay of the role
  /// goes on after it. An idle role may be stamped with a position later than its last input.
  messages::Position position;
  std::uint32_t version{};  ///< Catalogue::version of the program that took it
  std::string state;

  bool operator==(const Snapshot&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "role", self.role);
    visit(2, "sequence", self.sequence);
    visit(3, "position", self.position);
    visit(4, "version", self.version);
    visit(5, "state", self.state);
  }
};

/// A snapshot as stored, with its own checksum.
std::string seal_snapshot(const Snapshot& snapshot);
messages::Result<Snapshot> open_snapshot(std::string_view bytes);

}  // namespace queenright::persistence
