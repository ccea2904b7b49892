#pragma once

#include <map>

#include "election/agreement/replica.hpp"
#include "election/election.hpp"
#include "election/spanning_tree.hpp"
#include "messages/value.hpp"

/// What a queen knows, told to a person who asks (messages::Inspect).
namespace queenright::election {

/// A list of all circuits that she has a replica of: "circuit", "root", "epoch", "acts" (she leads
/// it, under leases that hold), "mode" and "refuses" (why nothing new is taken; null: it is).
messages::Value circuits_seen(const Election& election,
                              const std::map<CircuitId, Replica>& replicas);

/// The explanation in fields, and in sentences under "text".
messages::Value explanation_seen(const Explanation& explanation, bool degraded);

/// A list of all queens of the hive: "queen", and "leads_not" (why she is not to lead; null: she
/// is).
messages::Value queens_seen(const Election& election, const Support& support);

/// A list of all sources: "source", "parent" (null: this queen herself, or out of reach), "cost".
messages::Value tree_seen(const SpanningTree& tree);

}  // namespace queenright::election
