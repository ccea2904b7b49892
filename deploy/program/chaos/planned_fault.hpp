#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/program/faults/fault_order.hpp"
#include "messages/result.hpp"

/// What nodes of a live hive are to suffer, and when.
namespace queenright::program {

enum class ChaosKind : std::uint8_t { kill, stop, partition, slow_disk, full_disk, clock };

struct ChaosTrait {
  ChaosKind kind;
  std::string_view name;
  std::string_view what;
  bool interrupts;  ///< its nodes can't take part while it lasts
};

/// In the order in which they are told.
std::span<const ChaosTrait> chaos_traits();
const ChaosTrait& trait_of(ChaosKind kind);

/// Of "kill,clock", or "all". Refused: there is no such kind, or none is named.
messages::Result<std::vector<ChaosKind>> parse_chaos_kinds(std::string_view text);

struct PlannedFault {
  std::chrono::milliseconds at{};  ///< since the faults began
  std::chrono::milliseconds lasts{};
  ChaosKind kind{};
  std::vector<std::string> nodes;
  /// For the fault line of each of its nodes; of a partition for each other node in turn.
  std::optional<FaultOrder> order;

  std::chrono::milliseconds ends() const { return at + lasts; }
};

/// "at 2.3s for 800ms kill queen-1".
std::string text_of(const PlannedFault& fault);

}  // namespace queenright::program
