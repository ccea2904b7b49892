#include "sim/unfolded.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "sim/draw.hpp"

namespace queenright::sim {
namespace {

using enum FaultKind;
using Link = std::pair<NodeId, NodeId>;

constexpr Duration pace = std::chrono::milliseconds{20};  ///< of a swizzle without an end

std::size_t place_of(const std::vector<NodeId>& nodes, NodeId node) {
  return static_cast<std::size_t>(std::find(nodes.begin(), nodes.end(), node) - nodes.begin());
}

bool is_among(const std::vector<NodeId>& nodes, NodeId node) {
  return place_of(nodes, node) < nodes.size();
}

bool are_neighbours(const Fault& fault, NodeId from, NodeId to) {
  const std::size_t size = fault.nodes.size();
  const std::size_t first = place_of(fault.nodes, from);
  const std::size_t second = place_of(fault.nodes, to);
  if (first == size || second == size) return false;
  const std::size_t apart = first < second ? second - first : first - second;
  return apart == 1 || (fault.kind == ring && apart == size - 1);
}

bool reach_across_bridge(const Fault& fault, NodeId from, NodeId to) {
  if (from == fault.nodes.front() || to == fault.nodes.front()) return true;
  return is_among(fault.nodes, from) == is_among(fault.nodes, to);
}

bool reach_in_core(const Fault& fault, NodeId from, NodeId to) {
  if (!is_among(fault.nodes, from) || !is_among(fault.nodes, to)) return false;
  const auto hub = static_cast<NodeId::number_type>(fault.amount);
  return hub == 0 || from.value == hub || to.value == hub;
}

/// Whether the topology leaves this link; workers are left out of what queens do among each other.
bool leaves(const Fault& fault, const Layout& layout, NodeId from, NodeId to) {
  const bool of_queens = layout.is_queen(from) && layout.is_queen(to);
  const auto& nodes = fault.nodes;
  switch (fault.kind) {
    case cut: return !(is_among(nodes, from) && is_among(nodes, to));
    case one_way: return !(from == nodes[0] && to == nodes[1]);
    case split: return is_among(nodes, from) == is_among(nodes, to);
    case star: return !of_queens || from == nodes[0] || to == nodes[0];
    case chain:
    case ring: return !of_queens || are_neighbours(fault, from, to);
    case bridge: return !of_queens || reach_across_bridge(fault, from, to);
    case core:
      if (of_queens) return reach_in_core(fault, from, to);
      return is_among(nodes, layout.is_queen(from) ? from : to);
    case deaf: return !is_among(nodes, to);
    case mute: return !is_among(nodes, from);
    default: return true;
  }
}

std::vector<Link> links_of(const Layout& layout,
                           const std::function<bool(NodeId, NodeId)>& wanted) {
  std::vector<Link> links;
  const auto nodes = layout.nodes();
  for (const NodeId from : nodes)
    for (const NodeId to : nodes)
      if (from != to && (layout.is_queen(from) || layout.is_queen(to)) && wanted(from, to))
        links.emplace_back(from, to);
  return links;
}

Fault cut_link(const Link& link, Duration at, Duration span) {
  return {at, span, one_way, {link.first, link.second}, 0};
}

std::vector<Fault> topology(const Fault& fault, const Layout& layout) {
  std::vector<Fault> all;
  for (const auto& link :
       links_of(layout, [&](NodeId from, NodeId to) { return !leaves(fault, layout, from, to); }))
    all.push_back(cut_link(link, fault.at, fault.span));
  return all;
}

std::vector<Fault> flaps(const Fault& fault) {
  std::vector<Fault> all;
  const Duration every{fault.amount};
  for (Duration at{}; at < fault.span; at += 2 * every) {
    const Duration span = std::min(every, fault.span - at);
    all.push_back(cut_link({fault.nodes[0], fault.nodes[1]}, fault.at + at, span));
    all.push_back(cut_link({fault.nodes[1], fault.nodes[0]}, fault.at + at, span));
  }
  return all;
}

std::vector<Fault> swizzled(const Fault& fault, const Layout& layout) {
  auto links = links_of(layout, [&](NodeId from, NodeId to) {
    return is_among(fault.nodes, from) || is_among(fault.nodes, to);
  });
  Draw draw(static_cast<std::uint64_t>(fault.amount), 0x600U);
  draw.shuffle(links);
  auto order = links;
  draw.shuffle(order);
  const auto count = static_cast<std::int64_t>(links.size());
  const bool ends = fault.span != Duration{};
  std::vector<Fault> all;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& link = links[static_cast<std::size_t>(i)];
    const auto restored = std::find(order.begin(), order.end(), link) - order.begin();
    const Duration from = ends ? fault.span * i / (2 * count) : pace * i;
    const Duration to = fault.span / 2 + fault.span * (restored + 1) / (2 * count);
    all.push_back(cut_link(link, fault.at + from, ends ? to - from : Duration{}));
  }
  return all;
}

std::vector<Fault> storm(const Fault& fault) {
  std::vector<Fault> all;
  const Duration every{fault.amount};
  const auto count = static_cast<std::int64_t>(fault.nodes.size());
  for (Duration at{}; at < fault.span; at += every)
    for (std::int64_t i = 0; i < count; ++i) {
      const Duration later = at + every * i / (2 * count);
      if (later >= fault.span) continue;
      all.push_back({fault.at + later,
                     std::min(every / 3, fault.span - later),
                     crash,
                     {fault.nodes[static_cast<std::size_t>(i)]},
                     500});
    }
  return all;
}

/// One after the other, and each stopped with all that it has written on its disk.
std::vector<Fault> one_by_one(const Fault& fault) {
  std::vector<Fault> all;
  const Duration down{fault.amount};
  const auto count = static_cast<std::int64_t>(fault.nodes.size());
  const Duration step = std::max(fault.span / count, down);
  for (std::int64_t i = 0; i < count; ++i)
    all.push_back(
        {fault.at + step * i, down, exit, {fault.nodes[static_cast<std::size_t>(i)]}, 1000});
  return all;
}

std::vector<Fault> one_a_node(const Fault& fault) {
  std::vector<Fault> all;
  for (const NodeId node : fault.nodes) {
    const FaultKind kind = fault.kind == wild_rate ? rate : fault.kind;
    all.push_back({fault.at, fault.span, kind, {node}, fault.amount});
  }
  if (fault.kind != lying_sync || fault.span == Duration{}) return all;
  for (const NodeId node : fault.nodes)  // only a crash shows the lie
    all.push_back({fault.at + fault.span, std::chrono::milliseconds{50}, crash, {node}, 0});
  return all;
}

}  // namespace

std::vector<NodeId> Layout::nodes() const {
  std::vector<NodeId> all;
  for (std::uint32_t i = 1; i <= queens + workers; ++i)
    all.push_back({static_cast<NodeId::number_type>(i)});
  return all;
}

std::vector<Fault> unfolded(const Fault& fault, const Layout& layout) {
  if (fault.kind == flapping) return flaps(fault);
  if (fault.kind == swizzle) return swizzled(fault, layout);
  if (fault.kind == restart_storm) return storm(fault);
  if (fault.kind == upgrade) return one_by_one(fault);
  if (trait_of(fault.kind).family == "topology") return topology(fault, layout);
  if (fault.nodes.empty()) return {fault};
  return one_a_node(fault);
}

std::string problem_of(const Fault& fault, const Layout& layout) {
  const auto& trait = trait_of(fault.kind);
  const std::string name(trait.name);
  for (const NodeId node : fault.nodes)
    if (!layout.has(node))
      return name + ": there is no node " + std::to_string(node.value) + "; queens are 1 to " +
             std::to_string(layout.queens) + ", workers follow, up to " +
             std::to_string(layout.queens + layout.workers);
  const bool steps = fault.kind == flapping || fault.kind == restart_storm;
  if (steps && (fault.amount < 1'000'000 || fault.span == Duration{}))
    return name + " needs 'for TIME', and every=TIME of at least 1ms";
  const bool of_thousand = trait.amount == "permille" || trait.amount == "kept";
  if (of_thousand && (fault.amount < 0 || fault.amount > 1000))
    return name + ": " + std::string(trait.amount) + " is from 0 to 1000";
  if (fault.kind == rate && (fault.amount < -10'000 || fault.amount > 10'000))
    return "rate: a clock within its bound is at most 10000 ppm fast or slow; wild-rate goes "
           "beyond";
  if (fault.kind == wild_rate && (fault.amount < -900'000 || fault.amount > 900'000))
    return "wild-rate: at most 900000 ppm";
  const bool is_span = trait.unit == AmountUnit::time && fault.kind != wall_jump;
  if ((is_span || fault.kind == bandwidth) && fault.amount < 1)
    return name + ": " + std::string(trait.amount) + " is above 0";
  return "";
}

}  // namespace queenright::sim
