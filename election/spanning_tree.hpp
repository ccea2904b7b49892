#pragma once

#include <map>
#include <optional>
#include <vector>

#include "election/rules.hpp"
#include "messages/pair_item.hpp"
#include "messages/timing.hpp"

namespace queenright::election {

using messages::Advert;
using messages::Incarnation;
using messages::Instant;
using messages::NodeId;

/// The way to one source, as one queen has it.
struct Route {
  static constexpr auto name = "Route";
  std::optional<NodeId> parent;  ///< none: the source can't be reached
  std::uint64_t sequence{};
  std::uint32_t cost{};

  /// The nearest that this queen has ever been in a sequence: who says less is not behind her.
  std::uint64_t feasible_sequence{};
  std::uint32_t feasible_cost{};

  std::map<NodeId, Advert> heard;  ///< the last of each neighbour

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "parent", self.parent);
    visit(2, "sequence", self.sequence);
    visit(3, "cost", self.cost);
    visit(4, "feasible_sequence", self.feasible_sequence);
    visit(5, "feasible_cost", self.feasible_cost);
    visit(6, "heard", self.heard);
  }
};

struct TreeState {
  static constexpr auto name = "TreeState";
  NodeId self;
  std::uint64_t sequence{};  ///< of the tree whose source this queen is
  Instant trusts_from;       ///< before that, only sources themselves are believed (R12)
  std::map<NodeId, Route> routes;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "self", self.self);
    visit(2, "sequence", self.sequence);
    visit(3, "trusts_from", self.trusts_from);
    visit(4, "routes", self.routes);
  }
};

/// R12: one tree for each queen as its source, shared by all circuits that she leads. Routes are
/// taken by distance, and only when they are feasible, so that no loop ever forms: DSDV (Perkins
/// and Bhagwat 1994) with the feasibility condition of Babel (RFC 8966).
class SpanningTree {
 public:
  explicit SpanningTree(const Rules& rules, TreeState state = {})
      : rules_(rules), state_(std::move(state)) {}

  void boot(NodeId self, const std::vector<NodeId>& queens, Incarnation incarnation,
            const messages::Timing& timing, Instant now);

  /// Every hello: the source raises her sequence.
  void raise() { ++state_.sequence; }

  /// What a neighbour with whom the link is two-way said last.
  void hear(NodeId neighbour, const std::vector<Advert>& adverts, Instant now);

  /// The link is not two-way any more.
  void lose(NodeId neighbour);

  std::vector<Advert> adverts() const;

  /// Towards `source`; none when that is this queen, or can't be reached.
  std::optional<NodeId> parent(NodeId source) const;
  const TreeState& state() const { return state_; }

 private:
  bool feasible(const Route& route, const Advert& advert) const;
  void choose(Route& route);

  const Rules& rules_;
  TreeState state_;
};

}  // namespace queenright::election
