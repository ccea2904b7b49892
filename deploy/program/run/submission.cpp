#include "deploy/program/run/submission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "actors/roles/plan/need.hpp"
#include "actors/roles/plan/sha256.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/random_key.hpp"
#include "deploy/program/say.hpp"
#include "messages/digest.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::Answered;
using messages::Reply;

messages::Submit decision_about(messages::CircuitId circuit, messages::Command decision) {
  return {circuit, {"decision/" + random_key(), 0}, std::move(decision)};
}

void require(const Reply& reply, const std::string& what) {
  if (reply.answered == Answered::ok) return;
  auto exit_code = reply.reason.starts_with("draining") ? ExitCode::unavailable : ExitCode::usage;
  if (const auto* result = reply.result.map(); result != nullptr && result->contains("exit_code"))
    exit_code = static_cast<ExitCode>(*result->at("exit_code").integer());
  throw Failure(exit_code, what + " was refused: " + reply.reason);
}

SubmittedRun submit(Client& client, const roles::Plan& plan, const std::string& key,
                    std::uint64_t abandoned, std::vector<messages::ReusedStep> reused) {
  const std::string encoded = messages::encode(plan);
  const std::string hash = roles::sha256_of(encoded);
  client.begin_trace(messages::trace_of(key));
  const Reply opened =
      client.ask({messages::hive_circuit,
                  {"run/" + key, abandoned},
                  messages::OpenRun{plan.title, hash, key, roles::needs_of(plan)}});
  require(opened, "the run");
  const auto* result = opened.result.map();
  SubmittedRun made{{static_cast<std::uint64_t>(*result->at("circuit").integer())},
                    *result->at("run").text()};
  // Before its plan, and from its first entry on: this queen may hear of the circuit only later.
  client.watch(made.circuit, messages::LogIndex{1});
  const Reply begun =
      client.ask({made.circuit,
                  {"begin", 0},
                  messages::Begin{encoded, hash, made.run, key, std::move(reused)}});
  if (begun.answered != Answered::closed) require(begun, "the plan");
  return made;
}

void say_submitted(const SubmittedRun& run, const std::string& key, const std::string& after) {
  say("{}", folded(fmt::format("queenright: {} (key {}){}", run.run, key,
                               after.empty() ? "" : ", after " + after),
                   "", std::max(run.run.size(), after.size())));
}

}  // namespace queenright::program
