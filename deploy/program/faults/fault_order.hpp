#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "messages/ids.hpp"
#include "messages/result.hpp"

/// What a parent process has its node suffer; each order is a line.
namespace queenright::program {

/// Which letters between this node and another one are lost; none: the two are joined again.
struct CutPeer {
  messages::NodeId node;
  bool from_there = false;
  bool to_there = false;
  bool operator==(const CutPeer&) const = default;
};

/// Each write takes longer by this, up to 10 s.
struct SlowDisk {
  std::chrono::milliseconds each_write{};
  bool operator==(const SlowDisk&) const = default;
};

/// No write succeeds.
struct FullDisk {
  bool operator==(const FullDisk&) const = default;
};

/// The node's clock runs faster than the machine's by `rate` parts in a million, up to 20,000
/// either way, and its time of day is ahead by `wall`, up to a year either way.
struct MoveClock {
  std::int64_t rate{};
  std::chrono::milliseconds wall{};
  bool operator==(const MoveClock&) const = default;
};

/// All of the above is over.
struct Heal {
  bool operator==(const Heal&) const = default;
};

using FaultOrder = std::variant<CutPeer, SlowDisk, FullDisk, MoveClock, Heal>;

constexpr std::size_t longest_fault_line = 100;  ///< without its newline

/// "cut 3 both" (or from, to, none), "slow-disk 200", "full-disk", "clock -8000 3600000", "heal".
std::string text_of(const FaultOrder& order);

/// Refused: none of these, or beyond its bounds.
messages::Result<FaultOrder> parse_fault_order(std::string_view line);

}  // namespace queenright::program
