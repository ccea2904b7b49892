#include "deploy/program/chaos/fault_plan.hpp"

#include <algorithm>

#include "sim/faults/draw.hpp"

namespace queenright::program {

using std::chrono::milliseconds;

namespace {

constexpr std::uint64_t stream = 1;  // of the seed's chance
constexpr milliseconds begins_after{500};
constexpr milliseconds shortest_pause{200};
constexpr milliseconds longest_pause{1000};

constexpr int draws_at_once = 4;

struct Span {
  milliseconds least;
  milliseconds most;
};

Span span_of(ChaosKind kind) {
  switch (kind) {
    case ChaosKind::kill: return {milliseconds{200}, milliseconds{2000}};
    case ChaosKind::stop: return {milliseconds{100}, milliseconds{2500}};
    case ChaosKind::partition: return {milliseconds{200}, milliseconds{4000}};
    case ChaosKind::slow_disk: return {milliseconds{1000}, milliseconds{4000}};
    case ChaosKind::full_disk: return {milliseconds{1500}, milliseconds{3000}};
    case ChaosKind::clock: return {milliseconds{1000}, milliseconds{5000}};
  }
  return {};
}

class FaultPlan {
 public:
  FaultPlan(std::uint64_t seed, const ChaosChoice& choice) : draw_(seed, stream), choice_(choice) {
    for (const auto& node : choice_.nodes)
      (node.kind == MemberKind::queen ? queens_ : workers_).push_back(node.name);
    most_out_ = std::max<std::size_t>(1, (queens_.size() - 1) / 2);
  }

  std::vector<PlannedFault> made() {
    for (auto at = begins_after; at < choice_.duration;
         at += between(shortest_pause, longest_pause))
      add(at);
    return std::move(faults_);
  }

 private:
  /// The first of a few that may be then, if any.
  void add(milliseconds at) {
    for (int draws = 0; draws < draws_at_once; ++draws) {
      auto fault = drawn(at);
      if (fault.ends() <= choice_.duration && fits(fault))
        return faults_.push_back(std::move(fault));
    }
  }

  milliseconds between(milliseconds least, milliseconds most) {
    return milliseconds{draw_.between(least.count(), most.count())};
  }

  PlannedFault drawn(milliseconds at) {
    PlannedFault fault;
    fault.at = at;
    fault.kind = choice_.kinds[draw_.below(choice_.kinds.size())];
    const auto [least, most] = span_of(fault.kind);
    fault.lasts = between(least, most);
    fault.nodes = {some_node()};
    fault.order = order_of(fault.kind);
    if (fault.kind == ChaosKind::partition && draw_.permille(125)) {
      fault.nodes = queens_;
      fault.lasts = between(milliseconds{100}, milliseconds{700});
    }
    return fault;
  }

  std::string some_node() {
    const bool worker = !workers_.empty() && draw_.permille(250);
    const auto& among = worker ? workers_ : queens_;
    return among[draw_.below(among.size())];
  }

  std::optional<FaultOrder> order_of(ChaosKind kind) {
    if (kind == ChaosKind::partition) {
      const auto way = draw_.below(4);
      return CutPeer{{}, way != 0, way != 1};
    }
    if (kind == ChaosKind::slow_disk) return SlowDisk{between(milliseconds{20}, milliseconds{300})};
    if (kind == ChaosKind::full_disk) return FullDisk{};
    if (kind == ChaosKind::clock)
      return MoveClock{draw_.between(-9000, 9000),
                       1000 * between(milliseconds{-10'000}, milliseconds{10'000})};
    return std::nullopt;
  }

  bool fits(const PlannedFault& fault) const {
    std::vector<std::string> out;
    for (const auto& earlier : faults_) {
      if (earlier.ends() + recovery_time <= fault.at) continue;
      for (const auto& node : earlier.nodes) {
        if (std::find(fault.nodes.begin(), fault.nodes.end(), node) != fault.nodes.end())
          return false;
        if (trait_of(earlier.kind).interrupts && is_queen(node)) out.push_back(node);
      }
    }
    if (!trait_of(fault.kind).interrupts || !is_queen(fault.nodes.front())) return true;
    return out.empty() || out.size() + fault.nodes.size() <= most_out_;
  }

  bool is_queen(const std::string& node) const {
    return std::find(queens_.begin(), queens_.end(), node) != queens_.end();
  }

  sim::Draw draw_;
  const ChaosChoice& choice_;
  std::vector<std::string> queens_;
  std::vector<std::string> workers_;
  std::size_t most_out_ = 1;
  std::vector<PlannedFault> faults_;
};

}  // namespace

std::vector<PlannedFault> draw_faults(std::uint64_t seed, const ChaosChoice& choice) {
  return FaultPlan(seed, choice).made();
}

}  // namespace queenright::program
