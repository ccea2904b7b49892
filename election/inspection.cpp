#include "election/inspection.hpp"

namespace queenright::election {

using messages::Value;

namespace {

Value number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

/// Why nothing new is taken here; null: it is.
Value refusal(const Election& election, const Replica& replica) {
  if (!replica.log.quarantined.empty()) return "quarantined: " + replica.log.quarantined;
  if (replica.log.finished) return std::string("the run is over");
  if (election.degraded()) return std::string("this queen reaches no majority");
  if (election.contest(replica.circuit).view.released)
    return std::string("no queen leads it at the moment");
  return {};
}

}  // namespace

Value circuits_seen(const Election& election, const std::map<CircuitId, Replica>& replicas) {
  Value::List circuits;
  for (const auto& [circuit, replica] : replicas) {
    const View& view = election.contest(circuit).view;
    const bool led = view.ballot != Ballot{} && !view.released;
    Value::Map seen;
    seen["circuit"] = number(circuit.value);
    seen["root"] = led ? number(view.ballot.queen.value) : Value();
    seen["epoch"] = number(view.ballot.epoch.value);
    seen["acts"] = election.acting(circuit);
    seen["mode"] = std::string(election.degraded() ? "degraded" : "normal");
    seen["refuses"] = refusal(election, replica);
    circuits.push_back(std::move(seen));
  }
  return circuits;
}

Value queens_seen(const Election& election, const Support& support) {
  Value::List queens;
  const auto tell = [&](NodeId queen, messages::QueenStanding standing) {
    const auto reason = reason_of(standing);
    queens.push_back(
        Value::Map{{"queen", number(queen.value)},
                   {"leads_not", reason.empty() ? Value() : Value(std::string(reason))}});
  };
  tell(support.state().self, election.standing());
  for (const auto& [queen, pair] : support.state().pairs) tell(queen, pair.hello.standing);
  return queens;
}

Value explanation_seen(const Explanation& explanation, bool degraded) {
  Value::Map seen;
  seen["circuit"] = number(explanation.circuit.value);
  seen["queen"] = number(explanation.queen.value);
  seen["root"] = explanation.root ? number(explanation.root->queen.value) : Value();
  seen["epoch"] = explanation.root ? number(explanation.root->epoch.value) : Value();
  seen["acts"] = explanation.acts;
  seen["degraded"] = degraded;
  seen["text"] = explained(explanation);
  return seen;
}

Value tree_seen(const SpanningTree& tree) {
  Value::List sources;
  for (const auto& [source, route] : tree.state().routes) {
    Value::Map seen;
    seen["source"] = number(source.value);
    seen["parent"] = route.parent ? number(route.parent->value) : Value();
    seen["cost"] = route.parent ? number(route.cost) : Value();
    sources.push_back(std::move(seen));
  }
  return sources;
}

}  // namespace queenright::election
