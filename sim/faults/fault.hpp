#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "messages/ids.hpp"
#include "messages/result.hpp"
#include "sim/faults/fault_kinds.hpp"

/// One fault: a value with a line of text, used by scenario files, by the report of a failure and
/// by shrinking.
namespace queenright::sim {

using messages::NodeId;

struct Fault {
  Duration at{};    ///< since the world began
  Duration span{};  ///< 0: at once over, or, where the kind lasts, for good
  FaultKind kind{};
  std::vector<NodeId> nodes;  ///< as FaultTrait::nodes says
  std::int64_t amount{};      ///< in the kind's unit

  bool operator==(const Fault&) const = default;
};

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
