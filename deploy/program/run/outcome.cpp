#include "deploy/program/run/outcome.hpp"

#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::Value;

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

void say_way_out(const Value& report,
                 const std::function<std::string(const std::string& verb)>& command) {
  const auto& run = *report.map()->at("run").text();
  for (const auto& step : *report.map()->at("steps").list()) {
    if (*step.map()->at("status").text() != "unknown") continue;
    const auto& id = *step.map()->at("id").text();
    say("queenright: nobody knows what step '{0}' did before it was lost. Look, then:\n"
        "  {1}    to do it again\n"
        "  {2}    to go on as if it had succeeded\n",
        id, command("runs retry " + run + " --step " + id),
        command("runs retry " + run + " --skip " + id));
  }
}

}  // namespace queenright::program
