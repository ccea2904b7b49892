#include "sim/faults/fault_parts.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "sim/faults/draw.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::sim {
namespace {

using enum FaultKind;
using Link = std::pair<NodeId, NodeId>;

constexpr std::int64_t most_parts = 10'000;               ///< that one fault is made of
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
    case cut_off: return !is_among(nodes, from) && !is_among(nodes, to);
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
  std::vector<Fault> parts;
  for (const auto& link :
       links_of(layout, [&](NodeId from, NodeId to) { return !leaves(fault, layout, from, to); }))
    parts.push_back(cut_link(link, fault.at, fault.span));
  return parts;
}

std::vector<Fault> flaps(const Fault& fault) {
  std::vector<Fault> parts;
  const Duration every{fault.amount};
  for (Duration at{}; at < fault.span; at += 2 * every) {
    const Duration span = std::min(every, fault.span - at);
    parts.push_back(cut_link({fault.nodes[0], fault.nodes[1]}, fault.at + at, span));
    parts.push_back(cut_link({fault.nodes[1], fault.nodes[0]}, fault.at + at, span));
  }
  return parts;
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
  std::vector<Fault> parts;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& link = links[static_cast<std::size_t>(i)];
    const auto restored = std::find(order.begin(), order.end(), link) - order.begin();
    const Duration from = ends ? fault.span * i / (2 * count) : pace * i;
    const Duration to = fault.span / 2 + fault.span * (restored + 1) / (2 * count);
    parts.push_back(cut_link(link, fault.at + from, ends ? to - from : Duration{}));
  }
  return parts;
}

std::vector<Fault> storm(const Fault& fault) {
  std::vector<Fault> parts;
  const Duration every{fault.amount};
  const auto count = static_cast<std::int64_t>(fault.nodes.size());
  for (Duration at{}; at < fault.span; at += every)
    for (std::int64_t i = 0; i < count; ++i) {
      const Duration later = at + every * i / (2 * count);
      if (later >= fault.span) continue;
      parts.push_back({fault.at + later,
                       std::min(every / 3, fault.span - later),
                       crash,
                       {fault.nodes[static_cast<std::size_t>(i)]},
                       500});
    }
  return parts;
}

/// One after the other, and each stopped with all that it has written on its disk.
std::vector<Fault> one_by_one(const Fault& fault) {
  std::vector<Fault> parts;
  const Duration down{fault.amount};
  const auto count = static_cast<std::int64_t>(fault.nodes.size());
  const Duration step = std::max(fault.span / count, down);
  for (std::int64_t i = 0; i < count; ++i)
    parts.push_back(
        {fault.at + step * i, down, exit, {fault.nodes[static_cast<std::size_t>(i)]}, 1000});
  return parts;
}

std::vector<Fault> one_a_node(const Fault& fault) {
  std::vector<Fault> parts;
  for (const NodeId node : fault.nodes) {
    const FaultKind kind = fault.kind == wild_rate ? rate : fault.kind;
    parts.push_back({fault.at, fault.span, kind, {node}, fault.amount});
  }
  if (fault.kind != lying_sync || fault.span == Duration{}) return parts;
  for (const NodeId node : fault.nodes)  // only a crash shows the lie
    parts.push_back({fault.at + fault.span, std::chrono::milliseconds{50}, crash, {node}, 0});
  return parts;
}

bool comes_in_steps(FaultKind kind) { return kind == flapping || kind == restart_storm; }

std::string problem_of_amount(const Fault& fault) {
  const auto& trait = trait_of(fault.kind);
  const FaultAmount& amount = trait.amount;
  const std::string named = std::string(trait.name) + ": " + std::string(amount.name);
  if (fault.kind == core && fault.amount != 0 &&
      !is_among(fault.nodes, NodeId{static_cast<NodeId::number_type>(fault.amount)}))
    return named + " is one of the core, as in 'core 1,2 hub=1'";
  if (amount.name.empty() || (amount.least <= fault.amount && fault.amount <= amount.most))
    return "";
  const auto text = [&](std::int64_t value) {
    return amount.unit == AmountUnit::time ? time_text(Duration{value}) : std::to_string(value);
  };
  const bool bounded = amount.most != std::numeric_limits<std::int64_t>::max();
  return named + " is " +
         (bounded ? "from " + text(amount.least) + " to " + text(amount.most)
                  : "at least " + text(amount.least)) +
         (fault.kind == rate ? "; wild-rate goes beyond" : "");
}

}  // namespace

std::vector<NodeId> Layout::nodes() const {
  std::vector<NodeId> nodes;
  for (std::uint32_t i = 1; i <= queens + workers; ++i)
    nodes.push_back({static_cast<NodeId::number_type>(i)});
  return nodes;
}

std::vector<Fault> unfolded(const Fault& fault, const Layout& layout) {
  if (fault.kind == flapping) return flaps(fault);
  if (fault.kind == swizzle) return swizzled(fault, layout);
  if (fault.kind == restart_storm) return storm(fault);
  if (fault.kind == upgrade) return one_by_one(fault);
  const bool cuts = trait_of(fault.kind).family == "topology" || fault.kind == cut_off;
  if (cuts) return topology(fault, layout);
  if (fault.nodes.empty()) return {fault};
  return one_a_node(fault);
}

std::string problem_of(const Fault& fault, const Layout& layout) {
  const auto& trait = trait_of(fault.kind);
  const std::string name(trait.name);
  for (const NodeId node : fault.nodes) {
    const std::string number = std::to_string(node.value);
    if (!layout.has(node))
      return name + ": there is no node " + number + "; queens are 1 to " +
             std::to_string(layout.queens) + ", workers follow, up to " +
             std::to_string(layout.queens + layout.workers);
    if (trait.nodes.only_queens && !layout.is_queen(node))
      return name + " is about queens, and node " + number + " is a worker; queens are 1 to " +
             std::to_string(layout.queens);
  }
  if (const auto wrong = problem_of_amount(fault); !wrong.empty()) return wrong;
  if (!comes_in_steps(fault.kind)) return "";
  if (fault.span == Duration{}) return name + " needs 'for TIME'";
  if (fault.span / Duration{fault.amount} * static_cast<std::int64_t>(fault.nodes.size()) >
      most_parts)
    return name + ": no more than " + std::to_string(most_parts) +
           " times; write a shorter 'for', or a longer 'every'";
  return "";
}

}  // namespace queenright::sim
