#pragma once

#include <optional>

#include "deploy/program/plan_draft.hpp"
#include "deploy/program/plan_problems.hpp"
#include "deploy/program/plan_values.hpp"

namespace queenright::program {

/// What a step takes when it says nothing of its own; `defaults` changes the first two.
struct StepDefaults {
  messages::Duration timeout{};  ///< none
  roles::Retry retry{1, std::chrono::milliseconds{200}, std::chrono::seconds{5}};
  std::uint32_t max_parallel = 16;
};

/// A duration that an attempt can have: more than nothing.
std::optional<messages::Duration> read_timeout(const YamlNode& node, PlanProblems& problems);

/// `retry`; what it doesn't say is as in `defaults`.
roles::Retry read_retry(const YamlNode& node, const roles::Retry& defaults, PlanProblems& problems);

StepDraft read_step(const YamlNode& node, const StepDefaults& defaults, PlanProblems& problems);

}  // namespace queenright::program
