#pragma once

#include <optional>

#include "deploy/program/document/problems.hpp"
#include "deploy/program/document/values.hpp"
#include "deploy/program/plan/plan_draft.hpp"

namespace queenright::program {

/// What a step takes when it says nothing of its own; `defaults` changes the first two.
struct StepDefaults {
  messages::Duration timeout{};  ///< none
  roles::Retry retry{1, std::chrono::milliseconds{200}, std::chrono::seconds{5}};
  std::uint32_t max_parallel = 16;
};

/// A duration that an attempt can have: more than nothing.
std::optional<messages::Duration> read_timeout(const YamlNode& node, Problems& problems);

/// `retry`; what it doesn't say is as in `defaults`.
roles::Retry read_retry(const YamlNode& node, const roles::Retry& defaults, Problems& problems);

StepDraft read_step(const YamlNode& node, const StepDefaults& defaults, Problems& problems);

}  // namespace queenright::program
