#pragma once

#include <functional>
#include <string>
#include <vector>

#include "actors/roles/plan/plan.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/run/report_text.hpp"
#include "messages/value.hpp"

/// How the runs of a verb went, by their reports.
namespace queenright::program {

struct Outcome {
  ExitCode exit_code;
  std::vector<messages::Value> reports;
};

/// The name of the last run, in this list of them, of this very plan. Throws Failure: not found.
std::string last_run_of(const messages::Value& runs, const roles::Plan& plan);

/// A way of telling a report; prints it.
using ReportForm = void (*)(const messages::Value& report, Format format);

/// Where the run stands, in short (run/standing).
void print_standing(const messages::Value& report, Format format);

/// The report of a run, and with `profile` where its time went.
void print_outcome(const messages::Value& report, Format format, bool profile);

/// It waits for a person.
bool waits(const messages::Value& report);

/// An interruption stands, a run that waits for a person comes next, then the first failure.
ExitCode worse(ExitCode so_far, const messages::Value& report);

/// What becomes of a run once a person has agreed.
enum class GoesOn { by_itself, when_resumed };

/// Of a run that waits: the commands to choose from. `command` completes a verb to what is typed.
void say_way_out(const messages::Value& report,
                 const std::function<std::string(const std::string& verb)>& command,
                 GoesOn goes_on);

}  // namespace queenright::program
