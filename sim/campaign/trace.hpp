#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "sim/invariants/violation.hpp"

namespace queenright::sim {

/// Keeps the last turns and ends of processes as text, for the report of a violation.
class Trace : public Observer {
 public:
  void turned(const Turned& turn) override;
  void ended(const Ended& end) override;
  void started(const Started& start) override;

  /// The last `most` lines up to the violation in which its circuit or its nodes took part; all
  /// nodes and circuits, where it names none.
  std::vector<std::string> around(const Violation& violation, std::size_t most) const;

 private:
  struct Line {
    messages::Instant at;
    messages::NodeId node;
    std::string text;
  };

  void keep(messages::Instant at, messages::NodeId node, std::string text);

  std::deque<Line> lines_;
};

}  // namespace queenright::sim
