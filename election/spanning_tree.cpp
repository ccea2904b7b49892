#include "election/spanning_tree.hpp"

#include <algorithm>

namespace queenright::election {

/// What was feasible is forgotten with a boot; until every old advert is gone, only what sources
/// say themselves is believed.
void SpanningTree::boot(NodeId self, const std::vector<NodeId>& queens, Incarnation incarnation,
                        const messages::Timing& timing, Instant now) {
  state_ = {};
  state_.self = self;
  state_.sequence = messages::first_session(incarnation).value;  // higher than ever before
  state_.trusts_from = now + static_cast<std::int64_t>(queens.size()) * timing.lease;
  for (const NodeId queen : queens)
    if (queen != self) state_.routes[queen];
}

void SpanningTree::hear(NodeId neighbour, const std::vector<Advert>& adverts, Instant now) {
  const bool trusts = now >= state_.trusts_from || !rules_.holds(Rule::hold_down);
  for (auto& [source, route] : state_.routes) {
    const auto said =
        std::find_if(adverts.begin(), adverts.end(),
                     [&, &wanted = source](const auto& one) { return one.source == wanted; });
    if (said == adverts.end())
      route.heard.erase(neighbour);
    else if (said->cost == 0 || trusts)
      route.heard[neighbour] = *said;
    choose(route);
  }
}

void SpanningTree::lose(NodeId neighbour) {
  for (auto& [source, route] : state_.routes) {
    route.heard.erase(neighbour);
    choose(route);
  }
}

bool SpanningTree::feasible(const Route& route, const Advert& advert) const {
  if (!rules_.holds(Rule::feasibility)) return true;
  return advert.sequence > route.feasible_sequence ||
         (advert.sequence == route.feasible_sequence && advert.cost < route.feasible_cost);
}

/// The cheapest feasible way; among equal ones the present parent, then the lowest number.
void SpanningTree::choose(Route& route) {
  const Advert* best = nullptr;
  std::optional<NodeId> parent;
  for (const auto& [neighbour, advert] : route.heard) {
    if (!feasible(route, advert)) continue;
    const bool keeps = best != nullptr && advert.cost == best->cost && route.parent == neighbour;
    if (best != nullptr && advert.cost >= best->cost && !keeps) continue;
    best = &advert;
    parent = neighbour;
  }
  route.parent = parent;
  if (best == nullptr) return;
  route.sequence = best->sequence;
  route.cost = best->cost + 1;
  if (route.sequence > route.feasible_sequence) {
    route.feasible_sequence = route.sequence;
    route.feasible_cost = route.cost;
  } else {
    route.feasible_cost = std::min(route.feasible_cost, route.cost);
  }
}

std::vector<Advert> SpanningTree::adverts() const {
  std::vector<Advert> all{{state_.self, state_.sequence, 0}};
  for (const auto& [source, route] : state_.routes)
    if (route.parent) all.push_back({source, route.sequence, route.cost});
  return all;
}

std::optional<NodeId> SpanningTree::parent(NodeId source) const {
  const auto route = state_.routes.find(source);
  return route == state_.routes.end() ? std::nullopt : route->second.parent;
}

}  // namespace queenright::election
