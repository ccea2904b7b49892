#pragma once

#include <deque>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "election/election.hpp"
#include "election/spanning_tree.hpp"

namespace queenright::election {

/// Several queens who do nothing but elect, over a network and disks that fail as a seed says;
/// the invariants of docs/simulation.md are looked at after every event.
class PaperHive {
 public:
  PaperHive(std::uint64_t seed, std::size_t queens, std::size_t circuits, Rules rules = {});

  void run(Duration span, bool faults);
  void heal();

  std::vector<std::string> violations;
  std::uint64_t elections = 0;
  std::uint64_t closings = 0;
  std::uint64_t recoveries = 0;
  std::uint64_t events = 0;

  /// Circuits without exactly one acting root, or with a queen who sees another one; closed
  /// ones which somebody has not forgotten; queens who still do not vote.
  std::vector<std::string> unsettled();

  std::string text() const;  ///< the state of every queen

 private:
  struct Disk {
    Instant synced_at;
    ElectionState state;
  };
  struct Queen {
    explicit Queen(const Rules& broken);
    NodeId id;
    bool up = false;
    std::uint32_t incarnation = 0;
    std::int64_t rate = 0;  ///< parts per million that her clock is fast
    Instant paused_until;
    Letters letters;
    const Rules& rules;
    Support support{rules};
    Election election;
    SpanningTree tree{rules};
    Instant next_hello;
    Instant next_tick;
    ElectionState durable;
    std::deque<Disk> writing;
    bool loses_journal = false;  ///< at the next boot
    Instant disk_free;
  };
  struct Letter {
    std::vector<messages::Item> items;
    NodeId to;  ///< of one that waits for the disk
  };
  struct Event {
    Instant at;
    std::uint64_t order;
    enum class Kind { letter, own, release, wake, boot } kind;
    std::size_t queen;
    std::size_t from;
    std::uint32_t life;
    std::shared_ptr<Letter> letter;
    bool operator>(const Event& other) const {
      return std::tie(at, order) > std::tie(other.at, other.order);
    }
  };

  Instant clock_of(const Queen& queen) const;
  std::uint64_t draw(std::uint64_t below);
  bool chance(unsigned per_mille) { return draw(1000) < per_mille; }
  Duration between(Duration low, Duration high);

  void boot(std::size_t index);
  void crash(std::size_t index);
  std::size_t without_vote() const;
  void begin(Queen& queen);
  void notice(Queen& queen);
  void open_circuits(Queen& queen, unsigned per_mille);
  void end_circuits(Queen& queen);
  void answer_wanted(Queen& queen);
  void release(const Event& event);
  void check_promises(const Queen& queen, const Letter& letter);
  void end(std::size_t index, bool hello_to_all);
  void say(std::size_t from, NodeId to, std::vector<messages::Item> items, bool hello);
  void take_changes(Queen& queen);
  void count_election(const Queen& queen, CircuitId circuit);
  void handle(Event event);
  void deliver(const Event& event);
  void wake(std::size_t index);
  void send(std::size_t from, std::size_t to, std::vector<messages::Item> items, Instant earliest);
  void push(Event event);
  void fault();
  void fault_of_links();
  void fault_of_queens();
  void close_one(CircuitId circuit);
  void prove_exit(Queen& victim);
  void hand_over_one(CircuitId circuit);
  void check();
  void check_trees();
  std::vector<std::string> unspanned() const;
  void violate(const std::string& what);

  const Rules rules_;
  std::uint64_t random_;
  std::size_t circuits_;  ///< opened; more are as some are closed
  std::size_t most_circuits_;
  Instant now_{std::chrono::hours{1}};
  std::uint64_t order_ = 0;
  std::vector<std::unique_ptr<Queen>> queens_;
  std::set<std::pair<std::size_t, std::size_t>> cut_;
  unsigned loss_ = 0;
  unsigned duplicates_ = 0;
  Duration slow_{};
  Instant next_fault_;
  bool faults_ = false;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
  std::map<std::pair<CircuitId, Epoch>, Ballot> elected_;
  std::map<CircuitId, Epoch> highest_elected_;
  std::set<CircuitId> closing_;  ///< somebody asked for it
  std::set<CircuitId> closed_;   ///< somebody knows it
  std::map<CircuitId, std::set<NodeId>> ended_;
};

}  // namespace queenright::election
