#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/roles/circuit/circuit_state.hpp"
#include "actors/roles/hive/hive.hpp"
#include "messages/digest.hpp"
#include "messages/role.hpp"
#include "tests/actors/roles/promises.hpp"

namespace queenright::roles {

/// What becomes of a child when nobody ends it.
struct Fate {
  messages::Duration runs{};
  messages::AttemptOutcome outcome;
  bool ignores_term{};
};

/// A whole hive of one voter in one thread: queen, hive circuit, worker and the circuits of runs
/// on a virtual clock, with a journal that loses what is not synced. Children are made up;
/// clients say a command again until they have an answer. Always the same for the same calls.
class HiveInMemory {
 public:
  using Children = std::function<Fate(const messages::AttemptId&, const messages::Exec&)>;

  /// Syncs when nothing is left to do, and at the latest when `sync_every` records wait.
  HiveInMemory(std::uint32_t slots, std::size_t sync_every, Children children);

  void submit(messages::Submit submit);
  const messages::Reply* answer(const messages::Key& key) const;  ///< null: none yet

  /// The next input, or a sync, or on to the next moment. False: nothing will ever happen again.
  bool step();
  void run_to_rest();

  /// The process ends; of the records that were not synced the first `kept` have reached the
  /// disk all the same. A new process steps the durable ones again and boots.
  void crash(std::size_t kept);

  std::size_t records() const { return records_.size(); }
  std::size_t unsynced() const { return records_.size() - synced_; }
  const HiveState& hive() const;
  const CircuitState* circuit(messages::CircuitId circuit) const;  ///< null: not there (any more)
  const Promises& promises() const { return promises_; }

 private:
  struct Record {
    messages::RoleId role;
    messages::Input input;
    std::vector<messages::Digest> said;
  };
  struct Delivery {
    messages::RoleId to;
    messages::Input::Body body;
  };
  struct Held {
    std::size_t record;  ///< released when that many are synced
    messages::RoleId from;
    messages::Effect effect;
  };
  struct Child {
    messages::Instant exits;
    Fate fate;
    bool told_to_end = false;
  };

  void boot();
  void say(const messages::Submit& submit);
  void take(Delivery delivery);
  std::vector<messages::Effect> stepped(messages::RoleId id, messages::Input input);
  void sync();
  bool next_moment();
  void release(messages::RoleId from, messages::Effect effect);
  void end_child(Child& child, bool force);

  Children children_of_;
  std::uint32_t slots_;
  std::size_t sync_every_;
  messages::Instant now_{std::chrono::hours{1}};
  std::uint32_t incarnation_ = 0;
  std::map<messages::RoleId, std::unique_ptr<messages::Role>> roles_;
  std::deque<Delivery> deliveries_;
  std::vector<Record> records_;
  std::size_t synced_ = 0;
  std::deque<Held> held_;
  std::map<messages::AttemptId, Child> children_;
  std::map<messages::Key, messages::Submit> waiting_;  ///< of clients
  std::optional<messages::Instant> clients_repeat_at_;
  Promises promises_;
};

}  // namespace queenright::roles
