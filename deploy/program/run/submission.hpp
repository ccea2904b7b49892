#pragma once

#include <string>
#include <vector>

#include "actors/roles/plan/plan.hpp"
#include "deploy/program/client/client.hpp"

/// A plan, or a decision, on its way into a hive.
namespace queenright::program {

/// The hive has taken it.
struct SubmittedRun {
  messages::CircuitId circuit;
  std::string run;
};

/// Opens a run under the key and gives it its plan; the same key is the same run. `abandoned`
/// counts the runs of this key that never got a plan; what is `reused` is not done again. It is
/// watched from its first event on. Throws Failure when the hive refuses it.
SubmittedRun submit(Client& client, const roles::Plan& plan, const std::string& key,
                    std::uint64_t abandoned, std::vector<messages::ReusedStep> reused = {});

/// A person's decision about a run; each is one of its own.
messages::Submit decision_about(messages::CircuitId circuit, messages::Command decision);

/// Throws Failure, unless it was done.
void require(const messages::Reply& reply, const std::string& what);

/// Tells a person what the run is called, and the one `after` which it is, if any.
void say_submitted(const SubmittedRun& run, const std::string& key, const std::string& after = "");

}  // namespace queenright::program
