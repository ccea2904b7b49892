#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "messages/ids.hpp"

/// All there is to know of each kind of fault, but for what it does to a hive (unfolded,
/// conditions, injection) and whom a seed does it to (faults).
namespace queenright::sim {

using messages::Duration;

enum class FaultKind : std::uint8_t {
  // network
  loss,
  duplicates,
  delay,
  bandwidth,
  // topology
  cut,
  one_way,
  split,
  star,
  chain,
  ring,
  bridge,
  core,
  deaf,
  mute,
  flapping,
  swizzle,
  // process
  crash,
  exit,
  pause,
  restart_storm,
  upgrade,
  // clock
  rate,
  wall_jump,
  suspend,
  // disk
  slow_sync,
  failed_write,
  failed_sync,
  full_disk,
  torn_block,
  // amnesia
  flipped_bit,
  lost_directory,
  // beyond what the hive promises to bear
  wild_rate,
  lying_sync,
  // hive
  demote,
  cancel,
  // workers
  cut_off,
  failed_spawn,
};
constexpr FaultKind last_enumerator(FaultKind) { return FaultKind::failed_spawn; }

/// Whom a fault names.
struct FaultNodes {
  std::size_t least{};
  std::size_t most{};
  bool only_queens{};
  std::string_view who;  ///< for people
};

enum class AmountUnit : std::uint8_t { none, number, time };  ///< time: nanoseconds

struct FaultAmount {
  std::string_view name;  ///< empty: the kind has none
  AmountUnit unit{};
  std::int64_t usual{};  ///< where none is written
  std::int64_t least{};
  std::int64_t most{};
};

/// How a seed draws it.
struct FaultShare {
  unsigned weight{};   ///< how often, in comparison with others
  Duration longest{};  ///< of those that last
};

struct FaultTrait {
  FaultKind kind{};
  std::string_view name;
  std::string_view family;
  bool lasts{};  ///< it has an end
  FaultNodes nodes;
  FaultAmount amount;
  FaultShare share;
  std::string_view what;  ///< in one line, for people
};

/// In the order of their kinds.
std::span<const FaultTrait> fault_traits();
const FaultTrait& trait_of(FaultKind kind);

/// As it is written: "crash WHO [kept=500]".
std::string usage_of(const FaultTrait& trait);

}  // namespace queenright::sim
