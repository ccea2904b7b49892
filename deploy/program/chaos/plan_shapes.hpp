#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "actors/roles/plan/plan.hpp"

/// The plans of a workload. Each of their steps leaves a mark in a file, so that a step that was
/// done twice, or never, is seen.
namespace queenright::program {

/// In a plan that ended well, each of these is there.
struct Mark {
  std::string step;   ///< with the element, where it fans out: "each/2"
  bool once = false;  ///< its step is not idempotent: twice is wrong
};

/// How many kinds there are.
std::size_t plan_shapes();

/// Of a kind below `plan_shapes()`.
std::vector<Mark> marks_of(std::size_t shape);

/// What the plan of this submit does; its steps append "KEY STEP" to `marks`.
roles::Plan plan_of(std::size_t shape, const std::string& key, const std::filesystem::path& marks);

}  // namespace queenright::program
