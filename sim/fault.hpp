#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "messages/ids.hpp"
#include "messages/result.hpp"

/// One fault: a value with a line of text, used by scenario files, by the report of a failure and
/// by shrinking.
namespace queenright::sim {

using messages::Duration;
using messages::NodeId;

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
};
constexpr FaultKind last_enumerator(FaultKind) { return FaultKind::cancel; }

struct Fault {
  Duration at{};    ///< since the world began
  Duration span{};  ///< 0: at once over, or, where the kind lasts, for good
  FaultKind kind{};
  std::vector<NodeId> nodes;  ///< what they are to it: FaultTrait::nodes
  std::int64_t amount{};      ///< in the kind's unit

  bool operator==(const Fault&) const = default;
};

enum class AmountUnit : std::uint8_t { none, number, time };  ///< time: nanoseconds

/// What there is to know of a kind.
struct FaultTrait {
  FaultKind kind{};
  std::string_view name;
  std::string_view family;
  bool lasts{};  ///< it has an end
  std::size_t least_nodes{};
  std::string_view nodes;   ///< who they are, for people
  std::string_view amount;  ///< its name; empty: the kind has none
  AmountUnit unit{};
  std::int64_t usual{};   ///< the amount where none is written
  std::string_view what;  ///< in one line, for people
};

std::span<const FaultTrait> fault_traits();
const FaultTrait& trait_of(FaultKind kind);

/// "at 1.2s for 300ms crash 1,3 kept=500"
std::string text_of(const Fault& fault);

/// What `text_of` says, or a person: refused with what is wrong in it.
messages::Result<Fault> parse_fault(std::string_view line);

/// The kinds which a list names by themselves or by family: "network,crash". "all" are those
/// that the hive promises to bear; "none" none. Refused: an unknown name.
messages::Result<std::vector<FaultKind>> parse_fault_kinds(std::string_view list);

std::string text_of(std::span<const NodeId> nodes);  ///< "1,3"
messages::Result<std::vector<NodeId>> parse_nodes(std::string_view list);

/// The words of a line; what follows a '#' is no part of it.
std::vector<std::string_view> words_of(std::string_view line);

}  // namespace queenright::sim
