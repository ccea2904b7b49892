#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "actors/roles/plan/plan.hpp"
#include "deploy/program/document/problems.hpp"

namespace queenright::program {

struct PlanFile {
  roles::Plan plan;               ///< to be run only without errors
  std::vector<Problem> errors;    ///< all of them (at most 1,000), in the order of the file
  std::vector<Problem> warnings;  ///< likewise; they hinder nothing
};

/// Reads a plan (docs/plan.md) from the bytes of a file, with `name=value` for each `--var`.
/// Nothing in the bytes can take more memory than a small multiple of their bounded size.
PlanFile read_plan(std::string_view bytes, const std::string& file,
                   const std::vector<std::string>& overrides);

/// The same from a file, of which no more than 4 MiB are read.
PlanFile read_plan_file(const std::filesystem::path& path,
                        const std::vector<std::string>& overrides);

}  // namespace queenright::program
