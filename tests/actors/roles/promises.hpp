#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "messages/input.hpp"

namespace queenright::roles {

/// What a hive owes to those outside of it, whatever crashes: noted from what they see of it.
class Promises {
 public:
  void spawned(const messages::AttemptId& attempt);
  void synced(const messages::Input& input);
  void answered(const messages::Reply& reply);
  void broken(std::string what) { broken_.push_back(std::move(what)); }

  /// In words; empty: all were kept.
  const std::vector<std::string>& broken() const { return broken_; }

  /// The definite answers that clients have.
  const std::map<messages::Key, messages::Reply>& answers() const { return answers_; }
  const std::set<messages::AttemptId>& spawns() const { return spawns_; }

 private:
  using TaskOfRun = std::pair<messages::CircuitId, messages::TaskId>;

  std::set<messages::AttemptId> spawns_;
  std::set<TaskOfRun> done_;  ///< their success is durable
  std::map<messages::Key, messages::Reply> answers_;
  std::vector<std::string> broken_;
};

}  // namespace queenright::roles
