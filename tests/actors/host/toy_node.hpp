#pragma once

#include <memory>
#include <optional>
#include <string>

#include "actors/host/node.hpp"
#include "actors/host/node_clock.hpp"
#include "actors/roles/supervision/restart_policy.hpp"
#include "persistence/memory_journal.hpp"
#include "persistence/replay.hpp"
#include "persistence/watched_journal.hpp"
#include "tests/toys/ears.hpp"

namespace queenright::host::test {

/// Toys under the real supervision; without a strategy under a toy's, which is none.
class SupervisedToys : public toys::ToyCatalogue {
 public:
  explicit SupervisedToys(std::optional<roles::Strategy> strategy);
  std::unique_ptr<messages::Role> make(messages::RoleId role) const override;
  messages::Result<std::unique_ptr<messages::Role>> restore(
      messages::RoleId role, std::string_view snapshot) const override;

 private:
  std::optional<roles::SupervisorSpec> supervision_;
};

inline const messages::RoleId queen = messages::queen_role();
inline const messages::RoleId worker = messages::worker_role();
inline const messages::RoleId hive = messages::circuit_role(messages::hive_circuit);

/// A node of toys over a disk in memory, recovered as the program does it.
class ToyNode {
 public:
  explicit ToyNode(std::shared_ptr<persistence::MemoryDisk> disk,
                   std::optional<roles::Strategy> strategy = roles::Strategy::one_for_one,
                   persistence::WatchedJournal::Hooks hooks = {});

  void start();
  void stop() { node_->stop(); }
  void say(messages::RoleId to, const std::string& word, std::int32_t number = 0);
  void deliver(messages::RoleId to, messages::Input::Body body);

  /// Says "tell" until the toy answers so; false when it never does.
  bool hears(messages::RoleId toy, const std::string& answer);
  /// False when neither the word nor the node's end is heard.
  bool wait_for(const std::string& word) const;
  /// What the node said when it wanted to end.
  std::optional<messages::StopNode> ending() const;
  /// What a crash of this moment would leave.
  persistence::MemoryDisk disk_now();

  /// Steps the whole journal of the stopped node, from its first input; empty: identical.
  std::string difference() const;

  toys::Ears& ears() const { return *ears_; }
  std::uint64_t replayed() const { return replayed_; }

 private:
  const std::unique_ptr<toys::Ears> ears_ = std::make_unique<toys::Ears>();
  const SupervisedToys catalogue_;
  const NodeClock clock_;
  const std::shared_ptr<persistence::MemoryDisk> disk_;
  persistence::WatchedJournal journal_;
  std::uint64_t replayed_ = 0;  ///< inputs, by the recovery
  std::unique_ptr<Node> node_;
};

}  // namespace queenright::host::test
