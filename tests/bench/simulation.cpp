#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "election/queen.hpp"
#include "messages/ensure.hpp"
#include "sim/world/world.hpp"

// bench_simulation failover silent|exit|handoff|open QUEENS DELAY_US COUNT
// bench_simulation circuits COUNT        all roots of one of three queens die, silently
//   print median, p99 and worst of the milliseconds until the new root's first command is
//   committed.
// bench_simulation hellos CIRCUITS       of three queens, each second
// bench_simulation command QUEENS root|standby COUNT
//   prints a command's milliseconds (median, p99), and its envelopes and syncs in the whole hive.
// All of it on virtual clocks: the same figures on every machine.
namespace {

using namespace queenright::messages;
using namespace std::chrono_literals;
namespace sim = queenright::sim;
using queenright::election::Queen;

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr Duration usual_delay = 500us;
constexpr NodeId no_queen{};

template <class Kind>
bool has(const std::vector<Item>& items) {
  return std::any_of(items.begin(), items.end(),
                     [](const Item& item) { return std::holds_alternative<Kind>(item); });
}

/// Sees when commands are committed by their roots, and counts what that takes.
class Witness : public sim::Observer {
 public:
  void turned(const sim::Turned& turn) override {
    if (turn.role != queen_role()) return;
    for (const auto& effect : turn.effects) {
      const auto* sent = std::get_if<Send>(&effect.body);
      if (sent == nullptr) continue;
      for (const auto& item : sent->items) {
        if (std::holds_alternative<Hello>(item)) ++hellos;
        if (const auto* committed = std::get_if<Committed>(&item)) take(turn, *committed);
      }
    }
  }
  void released(const sim::Released& left) override {
    const auto* sent = std::get_if<Send>(&left.effect.body);
    if (sent != nullptr && sent->to.role == queen_role() && sent->to.node != left.node &&
        left.cause.who.role == queen_role() && !has<Hello>(sent->items))
      ++envelopes;
  }
  void synced(const sim::Synced&) override { ++syncs; }
  void asked(const sim::Spoke& spoke) override {
    if (const auto* submit = std::get_if<Submit>(&spoke.item))
      asked_.try_emplace(submit->key, spoke.at);
  }
  void told(const sim::Spoke& spoke) override {
    const auto* reply = std::get_if<Reply>(&spoke.item);
    if (reply == nullptr) return;
    const auto asked = asked_.extract(reply->key);
    if (!asked.empty()) answered.push_back(spoke.at - asked.mapped());
  }

  /// When the first command of an epoch above this one was committed.
  std::optional<Instant> first_above(CircuitId circuit, Epoch epoch) const {
    const auto found = first_.upper_bound({circuit, epoch});
    if (found == first_.end() || found->first.first != circuit) return std::nullopt;
    return found->second;
  }

  std::uint64_t hellos = 0;
  std::uint64_t envelopes = 0;  ///< between queens, without hellos
  std::uint64_t syncs = 0;      ///< of all nodes
  std::vector<Duration> answered;

 private:
  void take(const sim::Turned& turn, const Committed& committed) {
    for (const auto& entry : committed.entries)
      if (entry.root == turn.node && !std::holds_alternative<TimePassed>(entry.command))
        first_.try_emplace({committed.circuit, entry.epoch}, turn.at);
  }

  std::map<std::pair<CircuitId, Epoch>, Instant> first_;
  std::map<Key, Instant> asked_;
};

/// A world with a witness, and one client who does as told.
class Hive {
 public:
  explicit Hive(const sim::Options& options) : world(options) {
    world.observe(witness);
    pass(1s);
  }

  void pass(Duration span) { world.run_until(world.now() + span); }

  template <class Condition>
  void wait(const Condition& condition, const char* what) {
    const Instant patience = world.now() + 20s;
    while (!condition()) {
      ensure(world.step() && world.now() < patience, what);
    }
  }

  const Queen& queen(NodeId node) const {
    return dynamic_cast<const Queen&>(*world.role(node, queen_role()));
  }
  /// No queen, if nobody acts.
  NodeId root(CircuitId circuit) const {
    for (const NodeId node : world.queens())
      if (world.is_up(node) && queen(node).election().knows(circuit) &&
          queen(node).replicas().at(circuit).leads() && queen(node).election().acting(circuit))
        return node;
    return no_queen;
  }
  NodeId other_than(NodeId node) const {
    const auto queens = world.queens();
    return *std::find_if(queens.begin(), queens.end(), [&](NodeId one) { return one != node; });
  }
  Epoch epoch(NodeId node, CircuitId circuit) const {
    return queen(node).replicas().at(circuit).log.accepted;
  }
  const std::vector<sim::ClientRun>& runs() const { return world.clients().front()->runs(); }

  /// Runs that stay open, since no worker takes them on.
  void open_runs(std::uint64_t count) {
    for (const NodeId worker : world.workers()) world.pause(worker);
    const auto queens = world.queens();
    for (std::uint64_t i = 0; i < count; ++i) world.submit_run(queens[i % queens.size()]);
    wait(
        [&] {
          return std::all_of(runs().begin(), runs().end(),
                             [](const auto& run) { return run.begun.has_value(); });
        },
        "all runs are opened");
    pass(1s);
  }

  Witness witness;
  sim::World world;
};

sim::Options layout(std::uint32_t queens, Duration delay) {
  sim::Options options;
  options.queens = queens;
  options.workers = 1;
  options.clients = 1;
  options.runs_at_once = 0;
  options.reads = false;
  options.delay = delay;
  options.jitter = delay / 5;
  options.exit_proof = false;
  return options;
}

void print(std::vector<Duration> taken) {
  ensure(!taken.empty(), "something was measured");
  std::sort(taken.begin(), taken.end());
  const auto at = [&](std::size_t permille) {
    return Milliseconds(taken[(taken.size() - 1) * permille / 1000]).count();
  };
  std::printf("%.2f %.2f %.2f\n", at(500), at(990), at(1000));
}

/// The root of circuit 0 goes, at any time of its hellos, when a command for her is on its way.
Duration one_failover(Hive& hive, std::string_view kind) {
  auto& world = hive.world;
  const NodeId root = hive.root(hive_circuit);
  ensure(root != no_queen, "the hive is whole again");
  const Epoch epoch = hive.epoch(root, hive_circuit);
  const Instant began = world.now();
  const bool hands_over = kind == "handoff";
  if (hands_over)
    world.demote(root, hive_circuit, "measured");
  else
    world.crash(root, 1000);
  if (kind == "exit") world.prove_exit(root);
  world.submit_run(hands_over ? root : hive.other_than(root));
  hive.wait([&] { return hive.witness.first_above(hive_circuit, epoch); }, "the lead moves");
  const Duration taken = *hive.witness.first_above(hive_circuit, epoch) - began;
  if (!hands_over) world.restart(root);
  return taken;
}

/// A run is opened: from the answer that names its circuit to the commit of its plan.
Duration one_opening(Hive& hive, std::size_t number) {
  const auto queens = hive.world.queens();
  const std::size_t run = hive.runs().size();
  hive.world.submit_run(queens[number % queens.size()]);
  hive.wait([&] { return hive.runs()[run].begun.has_value(); }, "a run is opened");
  return *hive.witness.first_above(*hive.runs()[run].circuit, {}) - *hive.runs()[run].opened;
}

void failover(std::string_view kind, std::uint32_t queens, Duration delay, std::size_t count) {
  ensure(kind == "silent" || kind == "exit" || kind == "handoff" || kind == "open",
         "the kind is silent, exit, handoff or open");
  Hive hive(layout(queens, delay));
  std::vector<Duration> taken;
  for (std::size_t i = 0; i < count; ++i) {
    hive.pass(1s + i * 7919us % 50ms);
    taken.push_back(kind == "open" ? one_opening(hive, i) : one_failover(hive, kind));
  }
  print(std::move(taken));
}

void circuits(std::uint64_t count) {
  Hive hive(layout(3, usual_delay));
  hive.open_runs(count);
  const NodeId victim{2};
  std::map<CircuitId, Epoch> led;
  for (const auto& run : hive.runs())
    if (hive.root(*run.circuit) == victim) led[*run.circuit] = hive.epoch(victim, *run.circuit);
  const Instant began = hive.world.now();
  hive.world.crash(victim, 1000);
  for (const auto& [circuit, epoch] : led) hive.world.cancel_run(circuit, hive.other_than(victim));
  std::vector<Duration> taken;
  for (const auto& [circuit, epoch] : led) {
    hive.wait([&] { return hive.witness.first_above(circuit, epoch); }, "every lead moves");
    taken.push_back(*hive.witness.first_above(circuit, epoch) - began);
  }
  print(std::move(taken));
}

void hellos(std::uint64_t count) {
  Hive hive(layout(3, usual_delay));
  hive.open_runs(count);
  constexpr auto span = 5s;
  const auto before = hive.witness.hellos;
  hive.pass(span);
  std::printf("%.1f\n", static_cast<double>(hive.witness.hellos - before) / span.count());
}

/// The command changes nothing, so that nothing follows it: a cancellation, once more. What the
/// hive does meanwhile is measured without commands, and taken off.
void command(std::uint32_t queens, std::string_view entry, std::uint64_t count) {
  ensure(entry == "root" || entry == "standby", "the command enters at root or standby");
  ensure(count <= 200, "the run of a worker who is silent for a minute is given up");
  Hive hive(layout(queens, usual_delay));
  hive.open_runs(1);
  const CircuitId circuit = *hive.runs().front().circuit;
  const NodeId root = hive.root(circuit);
  const NodeId asked = entry == "root" ? root : hive.other_than(root);
  hive.world.cancel_run(circuit, asked);
  hive.pass(2s);
  auto& witness = hive.witness;
  witness.envelopes = witness.syncs = 0;
  for (std::uint64_t i = 0; i < count; ++i) hive.pass(100ms + i * 7919us % 50ms);
  const auto envelopes = witness.envelopes;
  const auto syncs = witness.syncs;
  witness.envelopes = witness.syncs = 0;
  witness.answered.clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    hive.world.cancel_run(circuit, asked);
    hive.pass(100ms + i * 7919us % 50ms);
  }
  auto taken = witness.answered;
  ensure(taken.size() == count && hive.root(circuit) == root, "every command is answered");
  std::sort(taken.begin(), taken.end());
  const auto each = [&](std::uint64_t all, std::uint64_t without) {
    return (static_cast<double>(all) - static_cast<double>(without)) / static_cast<double>(count);
  };
  const Duration client_link = 2 * usual_delay;
  std::printf("%.2f %.2f %.2f %.2f\n", Milliseconds(taken[count / 2] - client_link).count(),
              Milliseconds(taken[count * 99 / 100] - client_link).count(),
              each(witness.envelopes, envelopes), each(witness.syncs, syncs));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [&](std::size_t place) { return std::stoul(words.at(place)); };
  const auto queens = [&](std::size_t place) { return static_cast<std::uint32_t>(number(place)); };
  const std::string measure = words.empty() ? "" : words.front();
  if (measure == "failover" && words.size() == 5)
    failover(words[1], queens(2), std::chrono::microseconds{number(3)}, number(4));
  else if (measure == "circuits" && words.size() == 2)
    circuits(number(1));
  else if (measure == "hellos" && words.size() == 2)
    hellos(number(1));
  else if (measure == "command" && words.size() == 4)
    command(queens(1), words[2], number(3));
  else
    ensure(false, "usage: bench_simulation failover|circuits|hellos|command ...");
}
