#pragma once

#include <vector>

#include "sim/faults/fault.hpp"

namespace queenright::sim {

/// Who is there: queens are nodes 1 to `queens`, workers follow.
struct Layout {
  std::uint32_t queens = 1;
  std::uint32_t workers = 0;

  std::vector<NodeId> nodes() const;
  bool is_queen(NodeId node) const { return node.value >= 1 && node.value <= queens; }
  bool has(NodeId node) const { return node.value >= 1 && node.value <= queens + workers; }
  std::uint32_t majority() const { return queens / 2 + 1; }
};

/// What a fault is made of: each about one node, or (`one_way`) one direction of a link. What is
/// about the whole network stays as it is. Precondition: its nodes are there.
std::vector<Fault> unfolded(const Fault& fault, const Layout& layout);

/// Why this fault can't be in a hive of this layout; empty: it can.
std::string problem_of(const Fault& fault, const Layout& layout);

}  // namespace queenright::sim
