#pragma once

#include <string>
#include <vector>

#include "actors/roles/plan/expression.hpp"
#include "actors/roles/plan/plan.hpp"
#include "deploy/program/document/yaml_tree.hpp"

namespace queenright::program {

/// When an expression is evaluated, and so what it may name.
enum class Moment : std::uint8_t {
  step,     ///< once for a step
  task,     ///< for each of its tasks
  rollback  ///< to undo one, when all is over
};

/// A name in an expression, and where it was written.
struct Use {
  const YamlNode* scalar;
  roles::Template::Reference reference;
  Moment moment;
};

/// A step as far as it could be read, with what is to be checked against the other steps.
struct StepDraft {
  roles::Step step;
  const YamlNode* id = nullptr;  ///< nullptr: it has none
  std::vector<const YamlNode*> needs;
  const YamlNode* fallback = nullptr;
  std::vector<Use> uses;
};

struct PlanDraft {
  roles::Plan plan;  ///< without steps
  std::vector<StepDraft> steps;
};

}  // namespace queenright::program
