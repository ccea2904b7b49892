#pragma once

#include <string>
#include <vector>

#include "actors/roles/plan/plan.hpp"
#include "messages/command.hpp"

/// Plans, and how attempts end, in few words.
namespace queenright::roles {

using Needs = std::vector<std::uint32_t>;

Step noop(std::string id, Needs needs = {});
Step exec(std::string id, Needs needs = {});  ///< argv: "do", and its id
Step json(std::string id, Needs needs = {});  ///< as exec, with JSON as output
Step fan_out(std::string id, std::string list, std::uint32_t max_parallel, Needs needs = {});
Step wait(std::string id, messages::Duration span, Needs needs = {});
Step with_rollback(Step step);  ///< argv: "undo", and its id
Step with_fallback(Step step, std::uint32_t fallback);
Step when(Step step, std::string condition);
Step retried(Step step, std::uint32_t attempts);
Step idempotent(Step step);

Plan plan_of(std::vector<Step> steps);
messages::Begin begin_of(const Plan& plan);

messages::AttemptOutcome succeeded(messages::Value output = {});
messages::AttemptOutcome failed(std::int32_t exit_code = 1);
messages::AttemptOutcome timed_out();
messages::AttemptOutcome cancelled();
messages::AttemptOutcome lost();  ///< of unknown fate

}  // namespace queenright::roles
