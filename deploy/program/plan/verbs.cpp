#include "deploy/program/verbs.hpp"

#include <memory>

#include "deploy/program/plan/check_plan.hpp"

namespace queenright::program {
namespace {

struct Arguments {
  std::string file;
  std::vector<std::string> variables;
  std::string output;
};

}  // namespace

void add_plan_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* plan = app.add_subcommand("plan", "plan files");
  plan->require_subcommand(1);
  auto* check = plan->add_subcommand("check", "all that is wrong with one, with places");
  check->add_option("FILE", arguments->file, "the plan's file")->required();
  check->add_option("--var", arguments->variables, "name=value, overrides one of the plan's vars")
      ->allow_extra_args(false);
  add_output(*check, arguments->output);
  check->callback([arguments, &chosen] {
    chosen = [arguments] {
      return check_plan(arguments->file, arguments->variables, arguments->output);
    };
  });
}

}  // namespace queenright::program
