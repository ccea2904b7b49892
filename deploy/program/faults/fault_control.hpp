#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "actors/edges/descriptor.hpp"
#include "deploy/program/faults/fault_order.hpp"

namespace queenright::program {

/// The parent's end of a node's fault line.
class FaultControl {
 public:
  explicit FaultControl(edges::Descriptor socket) : socket_(std::move(socket)) {}

  /// Returns when the node has done it. Refused: what the node said against it, or that it is gone
  /// or says nothing within `patience`: then the line is closed.
  messages::Result<bool> tell(const FaultOrder& order, std::chrono::milliseconds patience);

 private:
  messages::Result<std::string> next_line(std::chrono::milliseconds patience);

  edges::Descriptor socket_;
  std::string heard_;
};

/// Both ends of a line that is as yet between nobody; all close on exec.
struct FaultLineEnds {
  edges::Descriptor parent;
  edges::Descriptor node;
};
/// Throws std::system_error.
FaultLineEnds make_fault_line();

}  // namespace queenright::program
