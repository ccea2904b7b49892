#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "messages/item.hpp"

namespace queenright::messages {

/// Items for one address; it waits as long as the one of them that waits longest.
struct Send {
  static constexpr auto name = "Send";
  Address to;
  std::vector<Item> items;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "to", self.to);
    visit(2, "items", self.items);
  }
};

/// Fork a child for an attempt; it comes back as ChildExited, always.
struct Spawn {
  static constexpr auto name = "Spawn";
  AttemptId attempt;
  Exec exec;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "attempt", self.attempt);
    visit(2, "exec", self.exec);
  }
};

/// TERM, or with `force` KILL, to the process group of an attempt.
struct EndChild {
  static constexpr auto name = "EndChild";
  AttemptId attempt;
  bool force{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "attempt", self.attempt);
    visit(2, "force", self.force);
  }
};

/// Remove the scratch directory and the stray processes of a circuit.
struct SweepCircuit {
  static constexpr auto name = "SweepCircuit";
  CircuitId circuit;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
  }
};

/// Supervision's verdict: bring these roles back from snapshot and journal, in this order.
struct Restart {
  static constexpr auto name = "Restart";
  std::vector<RoleId> roles;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "roles", self.roles);
  }
};

/// The role is over: it gets Retired and goes, its inputs stay in the journal.
struct Retire {
  static constexpr auto name = "Retire";
  RoleId role;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "role", self.role);
  }
};

struct StopNode {
  static constexpr auto name = "StopNode";
  std::int32_t exit_code{};
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "exit_code", self.exit_code);
    visit(2, "reason", self.reason);
  }
};

/// All that can come out of a role.
struct Effect {
  static constexpr auto name = "Effect";
  using Body = std::variant<Send, Spawn, EndChild, SweepCircuit, Restart, Retire, StopNode>;
  Body body;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "body", self.body);
  }
};

/// When an effect may go.
enum class Release : std::uint8_t {
  eager,       ///< promises nothing: at once, also off the node
  when_local,  ///< at once to a role of this node; off the node when its input is synced
  held         ///< when its input is synced, even within the node
};

/// The one table of marks (docs/follow-a-message.md); the simulator loses un-synced writes to
/// prove it right.
Release release_of(const Item& item);
Release release_of(const Effect& effect);

/// Collects what one step wants done. Items for one address and of one mark become one Send.
class Effects {
 public:
  void send(const Address& to, Item item);
  void emit(Effect::Body body);
  std::vector<Effect> take();

 private:
  void place_sends();

  std::vector<Effect> effects_;
  std::map<std::pair<Address, Release>, std::size_t> sends_;  ///< the last one of each, by place
  std::size_t placed_ = 0;  ///< so many effects have been looked at for that: only `send` asks
};

}  // namespace queenright::messages
