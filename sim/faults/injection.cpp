#include "sim/faults/injection.hpp"

#include <algorithm>

namespace queenright::sim {
namespace {

using enum FaultKind;
using messages::CircuitId;

constexpr const char* reason = "the simulation demotes her";

/// Calls one verb for what is new, and the other for what is gone.
template <class Set, class Begin, class End>
void change(const Set& from, const Set& to, Begin begin, End end) {
  for (const auto& one : from)
    if (!to.contains(one)) end(one);
  for (const auto& one : to)
    if (!from.contains(one)) begin(one);
}

/// The same, for what has a value: where it is gone, it is as usual.
template <class Map, class Put>
void change_values(const Map& from, const Map& to, Put put) {
  for (const auto& [node, value] : from)
    if (!to.contains(node)) put(node, {});
  for (const auto& [node, value] : to)
    if (const auto before = from.find(node); before == from.end() || before->second != value)
      put(node, value);
}

}  // namespace

Injection::Injection(World& world, const Options& options, std::span<const Fault> faults)
    : world_(world),
      options_(options),
      layout_{options.queens, options.workers},
      began_(world.now()) {
  for (const Fault& fault : faults) add(fault);
}

void Injection::add(const Fault& fault) {
  for (Fault& part : unfolded(fault, layout_)) {
    changes_.insert(part.at);
    if (const Duration end = end_of(part); end != Duration::max()) changes_.insert(end);
    to_come_.emplace(part.at, std::move(part));
  }
}

void Injection::run_until(Duration end) {
  while (!changes_.empty() && *changes_.begin() <= end) {
    const Duration at = *changes_.begin();
    world_.run_until(began_ + at);
    changes_.erase(at);
    apply();
  }
  world_.run_until(began_ + end);
  start_whoever_may_run();
}

void Injection::apply() {
  const Duration at = now();
  for (; !to_come_.empty() && to_come_.begin()->first <= at; to_come_.erase(to_come_.begin())) {
    begun_.push_back(std::move(to_come_.begin()->second));
    strike(begun_.back());
  }
  std::erase_if(begun_, [&](const Fault& fault) { return end_of(fault) <= at; });
  make(conditions_at(begun_, at));
}

void Injection::strike(const Fault& fault) {
  const NodeId node = fault.nodes.empty() ? NodeId{} : fault.nodes.front();
  const auto kept = static_cast<std::uint32_t>(fault.amount);
  constexpr std::uint32_t half = 500;
  switch (fault.kind) {
    case crash: return world_.crash(node, kept);
    case exit: world_.crash(node, kept); return world_.prove_exit(node);
    case torn_block: world_.crash(node, half); return world_.tear_last_block(node);
    case flipped_bit: world_.crash(node, half); return world_.flip_bit(node);
    case lost_directory: return world_.lose_directory(node);
    case failed_write: return world_.fail_next_write(node);
    case failed_sync: return world_.fail_next_sync(node);
    case wall_jump: return world_.jump_wall(node, fault.amount / 1'000'000);
    case suspend: return world_.suspend(node, fault.span);
    case cancel:
      return world_.cancel_run(CircuitId{static_cast<std::uint64_t>(fault.amount)},
                               world_.queens().front());
    case demote:
      if (fault.amount >= 0)
        world_.demote(node, CircuitId{static_cast<std::uint64_t>(fault.amount)}, reason);
      return;
    default: return;  // a condition
  }
}

void Injection::make(const Conditions& wanted) {
  make_links(wanted);
  make_nodes(wanted);
  made_ = wanted;
  start_whoever_may_run();
}

void Injection::make_links(const Conditions& wanted) {
  change(
      made_.cuts, wanted.cuts, [&](const auto& link) { world_.cut(link.first, link.second); },
      [&](const auto& link) { world_.restore(link.first, link.second); });
  if (made_.loss != wanted.loss) world_.set_loss(wanted.loss);
  if (made_.duplicates != wanted.duplicates) world_.set_duplicates(wanted.duplicates);
  if (made_.bandwidth != wanted.bandwidth) world_.set_bandwidth(wanted.bandwidth);
  if (made_.delay != wanted.delay)
    world_.set_delay(options_.delay, std::max(options_.jitter, wanted.delay));
}

void Injection::make_nodes(const Conditions& wanted) {
  change(
      made_.paused, wanted.paused, [&](NodeId node) { world_.pause(node); },
      [&](NodeId node) { world_.resume(node); });
  change(
      made_.barren, wanted.barren, [&](NodeId node) { world_.fail_spawns(node, true); },
      [&](NodeId node) { world_.fail_spawns(node, false); });
  change(
      made_.full, wanted.full, [&](NodeId node) { world_.fill_disk(node); },
      [&](NodeId node) { world_.empty_disk(node); });
  change(
      made_.lying, wanted.lying, [&](NodeId node) { world_.lying_sync(node, true); },
      [&](NodeId node) { world_.lying_sync(node, false); });
  change(
      made_.demoted, wanted.demoted,
      [&](NodeId node) { world_.demote(node, std::nullopt, reason); },
      [&](NodeId node) { world_.demote(node, std::nullopt, ""); });
  change_values(made_.rates, wanted.rates,
                [&](NodeId node, std::int64_t ppm) { world_.set_rate(node, ppm); });
  change_values(made_.slow, wanted.slow, [&](NodeId node, Duration span) {
    world_.slow_sync(node, span == Duration{} ? options_.sync : span);
  });
}

/// One that ended by itself is started again, too.
void Injection::start_whoever_may_run() {
  for (const NodeId node : layout_.nodes())
    if (!made_.down.contains(node) && !made_.failing.contains(node) && !world_.is_up(node))
      world_.restart(node);
}

}  // namespace queenright::sim
