#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/world/world.hpp"

namespace queenright::sim {

/// Writes down what can be seen of a world.
class Witness : public Observer {
 public:
  struct Seen {
    messages::Instant at;
    messages::NodeId node;
    messages::RoleId role;
    messages::Position position;
    messages::Input input;
    messages::Instant shown;  ///< by the node's clock
  };

  void turned(const Turned& turn) override {
    turns.push_back({turn.at, turn.node, turn.role, turn.position, turn.input, turn.input.now});
    written[turn.node][{turn.role, turn.sequence}] = turn.position;
    if (!turn.failure.empty()) failures.push_back(name_of(turn.role) + ": " + turn.failure);
  }
  void released(const Released& released) override {
    left.push_back(
        {released.node, release_of(released.effect), released.cause, durable[released.node]});
  }
  void synced(const Synced& synced) override { durable[synced.node] = synced.durable; }
  void ended(const Ended& ended) override {
    ends.push_back({ended.node, ended.reason});
    durable[ended.node] = ended.durable;
  }
  void started(const Started& started) override {
    starts.push_back(started.node);
    incarnations[started.node].push_back(started.incarnation);
    amnesiacs += started.amnesiac ? 1 : 0;
  }

  /// Inputs of a node's role that came from another node.
  std::size_t letters(messages::NodeId to, messages::NodeId from,
                      messages::Instant since = {}) const {
    std::size_t count = 0;
    for (const auto& seen : turns) {
      const auto* envelope = std::get_if<messages::Envelope>(&seen.input.body);
      if (seen.node == to && seen.at >= since && envelope != nullptr &&
          envelope->from.node == from && from != to)
        ++count;
    }
    return count;
  }

  struct Left {
    messages::NodeId node;
    messages::Release mark;
    messages::Cause cause;
    messages::Position durable;  ///< as had been said until then
  };
  struct End {
    messages::NodeId node;
    std::string reason;
  };

  std::vector<Seen> turns;
  std::map<messages::NodeId,
           std::map<std::pair<messages::RoleId, messages::RoleSequence>, messages::Position>>
      written;
  std::vector<Left> left;
  std::vector<End> ends;
  std::vector<messages::NodeId> starts;
  std::map<messages::NodeId, std::vector<messages::Incarnation>> incarnations;
  std::map<messages::NodeId, messages::Position> durable;
  std::vector<std::string> failures;
  std::size_t amnesiacs = 0;
};

}  // namespace queenright::sim
