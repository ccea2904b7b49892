#include "deploy/program/run/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actors/roles/plan/sha256.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/run/profile.hpp"
#include "deploy/program/run/report_fields.hpp"
#include "deploy/program/run/standing.hpp"
#include "deploy/program/say.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::Value;

std::string last_run_of(const Value& runs, const roles::Plan& plan) {
  const auto hash = roles::sha256_of(messages::encode(plan));
  const auto& all = *runs.list();
  const auto last = std::find_if(all.rbegin(), all.rend(), [&](const Value& run) {
    return *run.map()->at("plan_hash").text() == hash;
  });
  if (last == all.rend())
    throw Failure(ExitCode::not_found, "no run of this very plan is recorded (" + hash + ")");
  return *last->map()->at("run").text();
}

void print_standing(const Value& report, Format format) {
  const auto standing = standing_of(report);
  if (format == Format::human)
    fmt::print("{}", standing_text(standing));
  else
    print_formatted(standing, format);
}

void print_outcome(const Value& report, Format format, bool profile) {
  if (!profile) return print_report(report, format);
  if (format == Format::human) {
    print_report(report, format);
    fmt::print("{}", profile_text(profile_of(report)));
    return;
  }
  auto told = *report.map();
  told["profile"] = profile_of(report);
  print_report(told, format);
}

bool waits(const Value& report) {
  return *report.map()->at("status").text() == "awaiting_operator";
}

ExitCode worse(ExitCode so_far, const Value& report) {
  if (so_far == ExitCode::interrupted || so_far == ExitCode::unavailable) return so_far;
  if (waits(report)) return ExitCode::awaiting_operator;
  const auto* exit_code = report.map()->at("exit_code").integer();
  if (so_far != ExitCode::success || exit_code == nullptr) return so_far;
  return static_cast<ExitCode>(*exit_code);
}

namespace {

bool asks_approval(const Value& step) {
  const auto approval = step.map()->find("approval");
  return approval != step.map()->end() &&
         *approval->second.map()->at("status").text() == "waiting" &&
         *step.map()->at("status").text() == "waiting";
}

/// Decide, and until when.
std::string who_may(const Value::Map& approval) {
  std::string text;
  for (const auto& one : list_at(approval, "by"))
    text += (text.empty() ? " by " : ", ") + *one.text();
  const auto until = text_at(approval, "expires");
  return (text.empty() ? "" : ";" + text) + (until.empty() ? "" : "; expires " + until);
}

bool rollback_is_unknown(const Value& step) {
  const auto& rollbacks = list_at(*step.map(), "rollbacks");
  return !rollbacks.empty() && text_at(*rollbacks.back().map(), "status") == "unknown";
}

/// What is undone is undone when all steps are over: then nobody asks about these any more.
bool is_undoing(const Value::List& steps) {
  return std::any_of(steps.begin(), steps.end(), rollback_is_unknown);
}

}  // namespace

void say_way_out(const Value& report,
                 const std::function<std::string(const std::string& verb)>& command,
                 GoesOn goes_on) {
  const auto& run = *report.map()->at("run").text();
  bool asked = false;
  const bool undoing = is_undoing(list_at(*report.map(), "steps"));
  for (const auto& step : *report.map()->at("steps").list()) {
    const auto& id = *step.map()->at("id").text();
    if (asks_approval(step)) {
      say("{}  {}\n  {} --reason TEXT\n",
          folded(fmt::format("queenright: step '{}' {}{}:", id, *step.map()->at("reason").text(),
                             who_may(*step.map()->at("approval").map())),
                 ""),
          command("runs approve " + run + " --step " + id),
          command("runs reject " + run + " --step " + id));
      asked = true;
      continue;
    }
    const bool is_unknown =
        undoing ? rollback_is_unknown(step) : text_at(*step.map(), "status") == "unknown";
    if (!is_unknown) continue;
    say("queenright: nobody knows what step '{0}' did before it was lost. Look, then:\n"
        "  {1}    to do it again\n"
        "  {2}    to go on as if it had succeeded\n",
        id, command("runs retry " + run + " --step " + id),
        command("runs retry " + run + " --skip " + id));
  }
  if (asked && goes_on == GoesOn::when_resumed)
    say("and then, to go on:\n  {}\n", command("runs resume " + run));
}

}  // namespace queenright::program
