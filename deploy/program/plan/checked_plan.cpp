#include "deploy/program/plan/checked_plan.hpp"

#include <utility>

#include "deploy/program/columns.hpp"
#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/plan/plan_file.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

roles::Plan checked_plan(const std::filesystem::path& path, const PlanOptions& options) {
  auto reading = read_plan_file(path, options.variables);
  for (const auto& warning : reading.warnings) say("{}: warning\n", printable(text_of(warning)));
  refuse_errors(reading.errors, "the plan", "; nothing was started");
  select(reading.plan, options.selection);
  for (const auto& step : consents_left_out(reading.plan))
    say("queenright: warning: step '{}' asks a person to agree and is not selected: what waits for "
        "it goes on without\n",
        step);
  return std::move(reading.plan);
}

}  // namespace queenright::program
