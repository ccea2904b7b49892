#pragma once

#include <string>
#include <vector>

#include "actors/roles/plan/plan.hpp"
#include "messages/worker.hpp"

/// What steps need of workers.
namespace queenright::roles {

/// What the worker lacks to meet the need, in words; empty: nothing.
std::vector<std::string> lacks(const messages::WorkerOffer& offer,
                               const messages::WorkerNeed& need);

/// As `lacks`, without the words.
bool meets(const messages::WorkerOffer& offer, const messages::WorkerNeed& need);

/// What the plan's steps need, each need once. All tasks of a local plan run on one worker, so its
/// steps have one need together. Precondition: the plan has passed `check`.
std::vector<messages::WorkerNeed> needs_of(const Plan& plan);

/// The need of the step, or that of all steps together where they have to share a worker.
messages::WorkerNeed need_of(const Plan& plan, std::uint32_t step);

/// Why no worker could run all steps of this local plan, whatever it offers; empty: one could.
std::string conflict_of_needs(const Plan& plan);

/// Bounds and spelling of what is said about workers; empty: all is well.
std::string wrong_with(const messages::WorkerOffer& offer);
std::string wrong_with(const messages::WorkerNeed& need);

}  // namespace queenright::roles
