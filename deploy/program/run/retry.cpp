#include "deploy/program/run/retry.hpp"

#include <algorithm>

#include "actors/roles/circuit/reusable.hpp"
#include "actors/roles/hive/hive.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/look/recording_at.hpp"
#include "deploy/program/run/kept_runs.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::Begin;
using messages::Refusal;
using messages::Result;
using messages::Value;

Result<Begin> begin_again(const roles::CircuitState& state) {
  if (!messages::is_over(state.status)) return Refusal{state.run + " is not over"};
  if (state.status == messages::RunStatus::succeeded)
    return Refusal{state.run + " has succeeded: submit the plan for another run"};
  auto reused = roles::reusable(state);
  std::uint64_t bytes = 0;
  for (const auto& one : reused) bytes += to_json(one.outputs).size();
  if (bytes > roles::max_reused_bytes)
    return Refusal{"what " + state.run +
                   " has given is more than 8 MiB, too much to be reused: "
                   "submit the plan again"};
  return Begin{messages::encode(state.plan), state.plan_hash, {}, {}, std::move(reused)};
}

Retry retry_of(const Begin& begin, const RetryOptions& options) {
  auto plan = messages::decode<roles::Plan>(begin.plan);
  if (!plan) throw Failure(ExitCode::failed, plan.reason());
  Retry retry{std::move(plan).value(), begin.reused};
  const auto require = [](bool known, const std::string& step) {
    if (!known) throw Failure(ExitCode::usage, "the plan has no step '" + step + "'");
  };
  if (!options.step.empty())
    require(roles::do_again(retry.reused, retry.plan, options.step), options.step);
  if (!options.skip.empty())
    require(roles::skip(retry.reused, retry.plan, options.skip), options.skip);
  return retry;
}

std::optional<Retry> retry_of_ended(const std::filesystem::path& data, const std::string& run,
                                    const RetryOptions& options) {
  const auto recording = open_recording_at(data);
  const auto hive = hive_of(*recording);
  if (!hive) throw Failure(ExitCode::failed, hive.reason());
  const auto circuit = find_run(hive.value(), run);
  if (!circuit) throw Failure(ExitCode::not_found, "there is no run '" + run + "'");
  if (!messages::is_over(hive.value().runs.at(*circuit).status)) return std::nullopt;
  const auto state = state_of_run(*recording, data, *circuit);
  if (!state) throw Failure(ExitCode::failed, state.reason());
  const auto begin = begin_again(state.value());
  if (!begin) throw Failure(ExitCode::usage, begin.reason());
  return retry_of(begin.value(), options);
}

Value preview_of(const Retry& retry, const std::string& run) {
  Value::List reused;
  Value::List again;
  for (std::uint32_t step = 0; step < retry.plan.steps.size(); ++step) {
    const auto& planned = retry.plan.steps[step];
    if (planned.left_out) continue;
    const bool is_reused =
        std::any_of(retry.reused.begin(), retry.reused.end(),
                    [&](const messages::ReusedStep& one) { return one.step == planned.id; });
    (is_reused ? reused : again).emplace_back(planned.id);
  }
  return Value::Map{{"after", run}, {"reused", std::move(reused)}, {"again", std::move(again)}};
}

std::string retry_preview_text(const Value& preview, Format format) {
  if (format != Format::human) return formatted(preview, format);
  const auto listed = [&](const char* key) {
    std::string text;
    for (const auto& id : *preview.map()->at(key).list())
      text += (text.empty() ? "" : ", ") + *id.text();
    return text.empty() ? std::string("nothing") : text;
  };
  return folded("another run after " + *preview.map()->at("after").text() + " would do " +
                    listed("again") + ", and reuse " + listed("reused"),
                "", preview.map()->at("after").text()->size());
}

messages::ResolveStep decision_of(const std::string& run, const RetryOptions& options) {
  using messages::Resolution;
  if (!options.step.empty()) return {options.step, Resolution::retry};
  if (!options.skip.empty()) return {options.skip, Resolution::skip};
  throw Failure(ExitCode::usage, run +
                                     " is not over: --step ID or --skip ID decides about a step "
                                     "whose fate is unknown");
}

}  // namespace queenright::program
