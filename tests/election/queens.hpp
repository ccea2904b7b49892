#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/election/counting_circuit.hpp"
#include "tests/election/lone_queen.hpp"

namespace queenright::election {

/// What one queen said to another, but for hellos and contacts.
struct Said {
  Instant at;
  NodeId from;
  NodeId to;
  messages::Item item;
};

/// What somebody was answered, or told to do, by a queen.
template <class Item>
struct Told {
  Instant at;
  NodeId by;
  Item item;
};

/// Several queens with their circuits. What they say takes a millisecond, as does a sync; a crash
/// loses what is not synced. Nothing here is random.
class Queens {
 public:
  explicit Queens(std::size_t count, Rules rules = {});

  void run(Duration span);

  /// Until `condition` holds; false if it does not within the span.
  bool until(const std::function<bool()>& condition, Duration span = std::chrono::seconds{3});

  void crash(NodeId queen);
  void boot(NodeId queen, bool amnesiac = false);  ///< who is down
  void prove_exit(NodeId exited);
  void take(NodeId queen, Input::Body body);
  void demote(NodeId queen, std::optional<CircuitId> circuit = {}, std::string reason = "unwell");

  void stall(NodeId queen) { nodes_.at(queen).stalled = true; }  ///< her disk, until it goes on
  void go_on(NodeId queen);

  void cut(NodeId from, NodeId to) { cut_.insert({from, to}); }
  void isolate(NodeId queen);  ///< both ways
  void heal() { cut_.clear(); }

  /// An item as if `from` had said it now, whatever is cut.
  void tell(NodeId from, NodeId to, messages::Item item);

  void submit(NodeId queen, const Submit& submit);
  void read(NodeId queen, CircuitId circuit, const std::string& key, bool stale = false);
  void acknowledge(const messages::SinkEffect& effect);

  Instant now() const { return now_; }
  const Queen& queen(NodeId queen) const { return *nodes_.at(queen).queen; }
  const Log& log(NodeId queen, CircuitId circuit = messages::hive_circuit) const {
    return replica(queen, circuit).log;
  }
  const Replica& replica(NodeId queen, CircuitId circuit = messages::hive_circuit) const {
    return this->queen(queen).replicas().at(circuit);
  }
  const Ballot& promised(NodeId queen, CircuitId circuit = messages::hive_circuit) const {
    return this->queen(queen).election().contest(circuit).promised;
  }
  bool knows(NodeId queen, CircuitId circuit) const {
    return this->queen(queen).replicas().contains(circuit);
  }
  std::string told(NodeId queen, CircuitId circuit = messages::hive_circuit);
  const std::vector<Input>& inputs(NodeId queen) const { return nodes_.at(queen).inputs; }

  /// Who leads the circuit, its OPEN committed; the one of the highest epoch.
  std::optional<NodeId> root(CircuitId circuit = messages::hive_circuit) const;
  std::vector<NodeId> others(NodeId queen) const;

  /// All that are up hold the same of it, and know that it is committed.
  bool level(CircuitId circuit = messages::hive_circuit) const;

  /// What `from` said to `to`, of one kind.
  template <class Item>
  std::vector<Item> told_by(NodeId from, NodeId to) const {
    std::vector<Item> found;
    for (const auto& one : said)
      if (const auto* item = std::get_if<Item>(&one.item);
          item != nullptr && one.from == from && one.to == to)
        found.push_back(*item);
    return found;
  }
  bool replied(const std::string& key) const { return reply(key) != nullptr; }
  const messages::Reply* reply(const std::string& key) const;  ///< the last one to this key

  std::vector<Said> said;
  std::vector<Told<messages::Reply>> replies;
  std::vector<Told<messages::SinkEffect>> effects;
  std::vector<Told<messages::Answer>> answers;

  /// By how much her steps come later than they are due.
  std::map<NodeId, Duration> late;

  /// What is lost on its way, besides what is cut.
  std::function<bool(NodeId from, NodeId to, const messages::Item&)> loses;

  /// What a circuit does not hear of its queen, as if it had fallen.
  std::function<bool(NodeId queen, const messages::Item&)> ignores;

 private:
  struct Record {
    Instant synced_at;
    QueenState queen;
    std::map<CircuitId, CountingCircuit> circuits;
  };
  struct Event {
    NodeId to;
    std::uint32_t life = 0;  ///< of `to`, or any if 0
    Address from;
    std::vector<messages::Item> items;
    std::optional<NodeId> leaves_for;  ///< it was held by `to`, and is synced
  };
  struct Node {
    NodeId id;
    bool up = false;
    bool stalled = false;
    std::vector<Event> unsynced;  ///< while it is
    std::uint32_t incarnation = 0;
    std::unique_ptr<Queen> queen;
    std::map<CircuitId, CountingCircuit> circuits;
    std::deque<Record> records;
    std::vector<Input> inputs;
  };

  bool advance(Instant end);
  void deliver(Event event);
  void step(Node& node, Input::Body body);
  void sort(Node& node, const messages::Effect& effect);
  void order(Node& node, CircuitId circuit, const messages::Item& item);
  void leave(NodeId from, NodeId to, const std::vector<messages::Item>& items);
  void push(Duration delay, Event event);
  void hold(Node& node, Event event);
  std::vector<NodeId> all() const;

  const Rules rules_;
  Instant now_{std::chrono::hours{1}};
  std::uint64_t order_ = 0;
  std::map<NodeId, Node> nodes_;
  std::map<std::pair<Instant, std::uint64_t>, Event> events_;
  std::set<std::pair<NodeId, NodeId>> cut_;
};

Rules without(Rule rule);

/// Everybody of the hive circuit is level, and its root leads.
std::unique_ptr<Queens> settled(std::size_t count, Rules rules = {});

/// A circuit of its own, led and level, opened by queen 1.
std::unique_ptr<Queens> with_a_run(std::size_t count, Rules rules = {});

}  // namespace queenright::election
