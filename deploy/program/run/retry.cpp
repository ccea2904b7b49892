#include "deploy/program/run/retry.hpp"

#include <algorithm>

#include "actors/roles/circuit/reusable.hpp"
#include "actors/roles/hive/hive.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/records/kept_runs.hpp"
#include "deploy/program/records/recording_at.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::Refusal;
using messages::Result;
using messages::Value;

namespace {

bool names(const std::vector<std::string>& steps, const std::string& step) {
  return std::find(steps.begin(), steps.end(), step) != steps.end();
}

}  // namespace

Retry retry_of(const Again& again, const RetryOptions& options) {
  auto plan = messages::decode<roles::Plan>(again.begin.plan);
  if (!plan) throw Failure(ExitCode::failed, plan.reason());
  Retry retry{std::move(plan).value(), again.begin.reused};
  for (const auto& step : options.again)
    if (!roles::do_again(retry.reused, retry.plan, step))
      throw Failure(ExitCode::usage, "the plan has no step '" + step + "'");
  for (const auto& step : options.skip)
    if (const auto said = roles::skip(retry.reused, retry.plan, step); !said)
      throw Failure(ExitCode::usage, said.reason());
  for (const auto& step : again.undecided)
    if (!names(options.again, step) && !names(options.skip, step))
      throw Failure(ExitCode::usage, "nobody knows what step '" + step +
                                         "' did before it was lost. Look, then add '--step " +
                                         step + "' to do it again, or '--skip " + step +
                                         "' to take it for done");
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
  Value::List partly;
  Value::List again;
  for (std::uint32_t step = 0; step < retry.plan.steps.size(); ++step) {
    const auto& planned = retry.plan.steps[step];
    if (planned.left_out) continue;
    const auto found =
        std::find_if(retry.reused.begin(), retry.reused.end(),
                     [&](const messages::ReusedStep& one) { return one.step == planned.id; });
    auto& list = found == retry.reused.end() ? again : found->elements.is_null() ? reused : partly;
    list.emplace_back(planned.id);
  }
  return Value::Map{{"after", run},
                    {"reused", std::move(reused)},
                    {"partly", std::move(partly)},
                    {"again", std::move(again)}};
}

std::string retry_preview_text(const Value& preview, Format format) {
  if (format != Format::human) return formatted(preview, format);
  const auto listed = [&](const char* key) {
    std::string text;
    for (const auto& id : *preview.map()->at(key).list())
      text += (text.empty() ? "" : ", ") + *id.text();
    return text.empty() ? std::string("nothing") : text;
  };
  const auto partly = preview.map()->at("partly").list()->empty()
                          ? std::string()
                          : ", do what has not succeeded of " + listed("partly");
  const auto& run = *preview.map()->at("after").text();
  return folded("another run after " + run + " would do " + listed("again") + partly +
                    ", and reuse " + listed("reused"),
                "", run.size());
}

messages::ResolveStep decision_of(const std::string& run, const RetryOptions& options) {
  using messages::Resolution;
  const auto named = options.again.size() + options.skip.size();
  if (named > 1)
    throw Failure(ExitCode::usage, run + " is not over: decide about one step at a time");
  if (!options.again.empty()) return {options.again.front(), Resolution::retry};
  if (!options.skip.empty()) return {options.skip.front(), Resolution::skip};
  throw Failure(ExitCode::usage, run +
                                     " is not over: --step ID or --skip ID decides about a step "
                                     "whose fate is unknown");
}

}  // namespace queenright::program
