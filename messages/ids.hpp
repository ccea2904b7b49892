#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

namespace queenright::messages {

/// Numbers that mean different things have different types.
template <class Tag, class Number>
struct Id {
  using number_type = Number;
  Number value{};
  auto operator<=>(const Id&) const = default;
};

using NodeId = Id<struct NodeTag, std::uint16_t>;
using CircuitId = Id<struct CircuitTag, std::uint64_t>;  ///< 0 is the hive circuit
using Epoch = Id<struct EpochTag, std::uint32_t>;        ///< fences a root; 0: none yet
using Incarnation = Id<struct IncarnationTag, std::uint32_t>;
using RoleSequence = Id<struct RoleSequenceTag, std::uint64_t>;  ///< counts a role's inputs from 1
using Position =
    Id<struct PositionTag, std::uint64_t>;  ///< of an input in its node's journal, from 1
using LogIndex = Id<struct LogIndexTag, std::uint64_t>;  ///< of an entry in a circuit's log, from 1
using Ordinal = Id<struct OrdinalTag, std::uint32_t>;    ///< of an effect within its entry
using TaskId = Id<struct TaskTag, std::uint32_t>;        ///< of a task in its circuit, from 1
using AttemptNumber = Id<struct AttemptTag, std::uint32_t>;  ///< of a try at a task, from 1
using TraceId = Id<struct TraceTag, std::uint64_t>;

inline constexpr CircuitId hive_circuit{0};

using Duration = std::chrono::nanoseconds;

/// CLOCK_BOOTTIME of one node: comparable only with instants of the same node and boot.
struct Instant {
  Duration since_boot{};
  auto operator<=>(const Instant&) const = default;
};
inline Instant operator+(Instant at, Duration span) { return {at.since_boot + span}; }
inline Duration operator-(Instant later, Instant earlier) {
  return later.since_boot - earlier.since_boot;
}

/// Milliseconds since 1970, UTC. For reports and for people, never for an interval.
struct WallTime {
  std::int64_t milliseconds{};
  auto operator<=>(const WallTime&) const = default;
};

enum class RoleKind : std::uint8_t { none, supervisor, queen, circuit, worker, client };
constexpr RoleKind last_enumerator(RoleKind) { return RoleKind::client; }

/// Which actor of a node. The number tells apart the actors of one kind.
struct RoleId {
  RoleKind kind{};
  std::uint64_t number{};
  auto operator<=>(const RoleId&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "kind", self.kind);
    visit(2, "number", self.number);
  }
};

struct Address {
  NodeId node;
  RoleId role;
  auto operator<=>(const Address&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "role", self.role);
  }
};

inline RoleId queen_role() { return {RoleKind::queen, 0}; }
inline RoleId worker_role() { return {RoleKind::worker, 0}; }
inline RoleId supervisor_role() { return {RoleKind::supervisor, 0}; }
inline RoleId circuit_role(CircuitId circuit) { return {RoleKind::circuit, circuit.value}; }

/// "queen", "circuit/7": how people and tools name a role.
std::string name_of(RoleId role);

}  // namespace queenright::messages
