#include "sim/faults/fault_draw.hpp"

#include <algorithm>

#include "messages/ensure.hpp"

namespace queenright::sim {
namespace {

using enum FaultKind;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Duration first_at = milliseconds{300};  ///< the hive has come up by then
constexpr Duration usual_gap = milliseconds{250};
constexpr Duration hot_gap = milliseconds{80};
constexpr Duration lost_effect_gap = milliseconds{40};
constexpr Duration lost_word_gap = milliseconds{120};

unsigned weight_of(FaultKind kind) { return trait_of(kind).share.weight; }

}  // namespace

bool may_lose_promises(FaultKind kind) {
  return kind == torn_block || kind == flipped_bit || kind == lost_directory || kind == lying_sync;
}

FaultDraw::FaultDraw(std::uint64_t seed, FaultChoice choice)
    : draw_(seed, 0x400U), choice_(std::move(choice)) {
  messages::ensure(choice_.layout.queens > 0, "a hive has a queen");
}

std::vector<Fault> FaultDraw::schedule() {
  if (std::none_of(choice_.kinds.begin(), choice_.kinds.end(), weight_of)) return {};
  const Duration gap = choice_.hot ? hot_gap : usual_gap;
  for (Duration at = first_at; at < choice_.phases.faults;
       at += draw_.between(microseconds{1}, 2 * gap))
    add_one(at);
  if (choice_.harsh) add_lost_effects();
  if (choice_.harsh) add_lost_words();
  add_core();
  std::stable_sort(faults_.begin(), faults_.end(),
                   [](const Fault& one, const Fault& other) { return one.at < other.at; });
  return std::move(faults_);
}

void FaultDraw::add_one(Duration at) {
  const FaultKind chosen = kind();
  const bool of_queens = trait_of(chosen).family == "topology";
  if (may_lose_promises(chosen) && !may_forget()) return;
  if (of_queens && choice_.layout.queens + choice_.layout.workers < 2) return;
  if (chosen == cancel && choice_.circuits == 0) return;  // there is no run
  Fault fault = of_kind(chosen, at);
  if (fault.nodes.size() < trait_of(chosen).nodes.least) return;  // a hive too small for it
  if (may_lose_promises(chosen)) amnesiacs_.insert(fault.nodes.front());
  faults_.push_back(std::move(fault));
}

FaultKind FaultDraw::kind() {
  std::uint64_t total = 0;
  for (const FaultKind one : choice_.kinds) total += weight_of(one);
  std::uint64_t drawn = draw_.below(total);
  for (const FaultKind one : choice_.kinds) {
    if (drawn < weight_of(one)) return one;
    drawn -= weight_of(one);
  }
  return choice_.kinds.back();
}

Fault FaultDraw::of_kind(FaultKind chosen, Duration at) {
  const auto& trait = trait_of(chosen);
  Fault fault{at, {}, chosen, {}, trait.amount.usual};
  if (trait.lasts)
    fault.span =
        std::min(draw_.between(milliseconds{1}, trait.share.longest), choice_.phases.faults - at);
  switch (chosen) {
    case loss: fault.amount = draw_.between(10, 300); break;
    case duplicates: fault.amount = draw_.between(10, 100); break;
    case delay:
    case slow_sync: fault.amount = draw_.between(milliseconds{5}, milliseconds{400}).count(); break;
    case bandwidth: fault.amount = draw_.between(20'000, 1'000'000); break;
    case cancel:
      fault.amount = draw_.between(1, static_cast<std::int64_t>(choice_.circuits));
      break;
    default: break;
  }
  if (trait.family == "topology")
    choose_topology(fault);
  else if (trait.family == "process")
    choose_process(fault);
  else if (trait.family == "clock" || chosen == wild_rate)
    choose_clock(fault);
  else if (may_lose_promises(chosen))
    fault.nodes = {amnesiac()};
  else if (trait.family == "disk")
    fault.nodes = {node()};
  else if (trait.family == "workers") {
    if (choice_.layout.workers > 0) fault.nodes = {worker()};
  } else if (chosen == demote) {
    fault.nodes = {queen()};
    fault.amount = draw_.between(-1, static_cast<std::int64_t>(choice_.circuits));
    if (fault.amount >= 0) fault.span = {};
  }
  return fault;
}

void FaultDraw::choose_process(Fault& fault) {
  fault.nodes = {node()};
  if (fault.kind == crash || fault.kind == exit) {
    if (draw_.permille(150)) fault.nodes = some_queens(1, choice_.layout.queens);
    fault.amount = draw_.between(0, 1000);
  }
  if (fault.kind == restart_storm) {
    fault.nodes = some_queens(1, choice_.layout.queens);
    fault.amount = draw_.between(milliseconds{30}, milliseconds{300}).count();
  }
  if (fault.kind == upgrade) {
    fault.nodes = queens();
    const auto count = static_cast<std::int64_t>(fault.nodes.size());
    fault.amount = std::max(fault.span / (2 * count), Duration{milliseconds{1}}).count();
    fault.span = std::max(fault.span, Duration{fault.amount} * count);
    fault.at = std::min(fault.at, choice_.phases.faults - fault.span);
  }
}

void FaultDraw::choose_clock(Fault& fault) {
  fault.nodes = {node()};
  if (fault.kind == rate) fault.amount = draw_.between(-10'000, 10'000);
  if (fault.kind == wild_rate) fault.amount = draw_.between(-200'000, 200'000);
  if (fault.kind == wall_jump)
    fault.amount = draw_.between(std::chrono::hours{-30}, std::chrono::hours{30}).count();
}

void FaultDraw::choose_topology(Fault& fault) {
  const auto all = queens();
  const std::size_t count = all.size();
  switch (fault.kind) {
    case cut:
    case one_way:
    case flapping:
      if (count > 1 && (choice_.layout.workers == 0 || draw_.permille(700)))
        fault.nodes = {all[0], all[1]};
      else if (choice_.layout.workers > 0)
        fault.nodes = {
            all[0],
            {static_cast<NodeId::number_type>(count + 1 + draw_.below(choice_.layout.workers))}};
      if (fault.kind == one_way && draw_.permille(500))
        std::reverse(fault.nodes.begin(), fault.nodes.end());
      if (fault.kind == flapping)
        fault.amount = draw_.between(milliseconds{5}, milliseconds{200}).count();
      break;
    case chain:
    case ring: fault.nodes = all; break;
    case bridge: fault.nodes = some_queens(2, std::max<std::size_t>(count / 2 + 1, 2)); break;
    case split: fault.nodes = some_queens(1, std::max<std::size_t>(count / 2, 1)); break;
    case deaf:
    case mute: fault.nodes = {node()}; break;
    default: fault.nodes = {all[0]}; break;
  }
  if (fault.kind == swizzle) {
    fault.nodes = some_queens(1, count);
    fault.amount = draw_.between(2, 1'000'000);
  }
}

/// Orders to workers and their answers are lost for moments, again and again.
void FaultDraw::add_lost_effects() {
  for (Duration at = first_at; choice_.layout.workers > 0 && at < choice_.phases.faults;
       at += draw_.between(microseconds{1}, 2 * lost_effect_gap)) {
    const NodeId hears = worker();
    Fault fault{
        at, draw_.between(milliseconds{1}, milliseconds{150}), one_way, {queen(), hears}, 0};
    if (draw_.permille(300))
      fault = {at, fault.span, delay, {}, Duration{milliseconds{300}}.count()};
    fault.span = std::min(fault.span, choice_.phases.faults - at);
    faults_.push_back(std::move(fault));
  }
}

/// One queen does not hear another one, for a moment.
void FaultDraw::add_lost_words() {
  if (choice_.layout.queens < 2) return;
  for (Duration at = first_at; at < choice_.phases.faults;
       at += draw_.between(microseconds{1}, 2 * lost_word_gap)) {
    const Duration span = std::min<Duration>(draw_.between(milliseconds{1}, milliseconds{200}),
                                             choice_.phases.faults - at);
    faults_.push_back({at, span, one_way, some_queens(2, 2), 0});
  }
}

/// A majority who remember what they promised, and perhaps more.
void FaultDraw::add_core() {
  if (choice_.layout.queens < 2 || choice_.phases.core == Duration{}) return;
  auto all = queens();
  const auto forgot = [&](NodeId queen) { return amnesiacs_.contains(queen); };
  std::stable_partition(all.begin(), all.end(), [&](NodeId queen) { return !forgot(queen); });
  const auto size =
      static_cast<std::size_t>(draw_.between(choice_.layout.majority(), choice_.layout.queens));
  const NodeId hub = all.front();
  std::vector<NodeId> outside(all.begin() + static_cast<std::ptrdiff_t>(size), all.end());
  all.resize(size);
  std::sort(all.begin(), all.end());
  const Phases& phases = choice_.phases;
  faults_.push_back(
      {phases.core_at(), phases.core, core, std::move(all), draw_.permille(400) ? hub.value : 0});
  if (outside.empty()) return;
  if (choice_.harsh) return add_outside(std::move(outside));
  if (draw_.permille(400))
    faults_.push_back({phases.core_at(), phases.core, crash, std::move(outside), 500});
}

/// Whoever is not in the core may still be heard, or hear.
void FaultDraw::add_outside(std::vector<NodeId> outside) {
  const Phases& phases = choice_.phases;
  const FaultKind kind = draw_.permille(400) ? crash : draw_.permille(500) ? deaf : mute;
  if (kind != crash && draw_.permille(700)) {
    auto& nodes = faults_.back().nodes;  // of the core
    nodes.insert(nodes.end(), outside.begin(), outside.end());
    std::sort(nodes.begin(), nodes.end());
    faults_.back().amount = 0;
  }
  faults_.push_back(
      {phases.core_at(), phases.core, kind, std::move(outside), kind == crash ? 500 : 0});
  if (draw_.permille(300))
    faults_.push_back({phases.core_at(), phases.core, demote, {queen()}, -1});
}

NodeId FaultDraw::queen() {
  return {static_cast<NodeId::number_type>(1 + draw_.below(choice_.layout.queens))};
}

NodeId FaultDraw::worker() {
  const auto [queens, workers] = choice_.layout;
  return {static_cast<NodeId::number_type>(queens + 1 + draw_.below(workers))};
}

NodeId FaultDraw::node() {
  if (choice_.layout.workers == 0 || draw_.permille(800)) return queen();
  return worker();
}

NodeId FaultDraw::amnesiac() {
  const NodeId chosen = queen();
  const std::size_t most = choice_.layout.queens - choice_.layout.majority();
  if (amnesiacs_.size() < most || amnesiacs_.contains(chosen)) return chosen;
  return *std::next(amnesiacs_.begin(),
                    static_cast<std::ptrdiff_t>(draw_.below(amnesiacs_.size())));
}

std::vector<NodeId> FaultDraw::queens() {
  std::vector<NodeId> all = Layout{choice_.layout.queens, 0}.nodes();
  draw_.shuffle(all);
  return all;
}

std::vector<NodeId> FaultDraw::some_queens(std::size_t least, std::size_t most) {
  auto all = queens();
  const auto count = static_cast<std::size_t>(
      draw_.between(static_cast<std::int64_t>(least), static_cast<std::int64_t>(most)));
  all.resize(std::min(count, all.size()));
  return all;
}

}  // namespace queenright::sim
