#pragma once

#include <string>
#include <vector>

#include "actors/roles/circuit/outlook.hpp"
#include "deploy/program/failure.hpp"
#include "messages/value.hpp"

/// What a plan would do, told without doing any of it.
namespace queenright::program {

/// The workers of a hive, as its list of them tells (`workers list -o json`).
std::vector<roles::KnownWorker> known_workers(const messages::Value& listed);

/// Throws Failure, as the hive would refuse it: the plan has a need that none of these workers
/// could ever meet.
void require_workers(const roles::Plan& plan, const std::vector<roles::KnownWorker>& workers);

/// "plan", "left_out", "levels": a list of lists of "step", "fans_out", "worker" (null: nobody, or
/// nobody is needed) and "because".
messages::Value dry_run_of(const roles::Plan& plan, const std::vector<roles::KnownWorker>& workers);

std::string dry_run_text(const messages::Value& dry_run);

/// Prints it.
ExitCode print_dry_run(const messages::Value& dry_run, const std::string& output);

}  // namespace queenright::program
