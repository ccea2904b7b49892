#include "tests/actors/roles/made_up_client.hpp"

#include <algorithm>
#include <utility>

#include "messages/ensure.hpp"
#include "tests/actors/roles/decisions.hpp"

namespace queenright::roles {

using messages::Answered;
using messages::RunStatus;

namespace {
const messages::Key opening{"opening", 0};
const messages::Key beginning{"beginning", 0};
const messages::Key cancelling{"cancelling", 0};
constexpr std::uint64_t most_decisions = 1'000;
}  // namespace

MadeUpClient::MadeUpClient(HiveInMemory& hive, Plan plan, messages::Resolution decision)
    : hive_(hive), plan_(std::move(plan)), decision_(decision) {
  hive_.submit({messages::hive_circuit, opening,
                messages::OpenRun{plan_.title, "sha256:plan", opening.session}});
}

bool MadeUpClient::step() {
  begin_when_opened();
  return hive_.step() || decide();
}

void MadeUpClient::to_the_end() {
  for (std::size_t steps = 0; step();)
    messages::ensure(++steps < 100'000, "a run comes to its end");
}

void MadeUpClient::begin_when_opened() {
  const auto* opened = hive_.answer(opening);
  if (begun_ || opened == nullptr) return;
  messages::ensure(opened->answered == Answered::ok, "the hive opens the run of the test");
  circuit_ = {static_cast<std::uint64_t>(*opened->result.map()->at("circuit").integer())};
  hive_.submit({circuit_, beginning, begin_of(plan_)});
  begun_ = true;
}

/// At rest: a person is waited for, or all is over.
bool MadeUpClient::decide() {
  if (run() == nullptr || run()->status != RunStatus::awaiting_operator) return false;
  messages::ensure(decisions_ < most_decisions, "a person decides only so often");
  const auto& state = *hive_.circuit(circuit_);
  std::uint32_t step = 0;
  while (step < state.steps.size() && !waits_for_person(state, step)) ++step;
  messages::ensure(step < state.steps.size(), "a run that waits names a step");
  hive_.submit({circuit_, {"person", ++decisions_}, decision_about(state, step, decision_)});
  return true;
}

void MadeUpClient::cancel() {
  if (!begun_ || cancelled_) return;
  hive_.submit({circuit_, cancelling, messages::CancelRun{"stop"}});
  cancelled_ = true;
}

const RunRecord* MadeUpClient::run() const {
  const auto& runs = hive_.hive().runs;
  const auto found = runs.find(circuit_);
  return found == runs.end() ? nullptr : &found->second;
}

std::string MadeUpClient::broken() const {
  std::string all;
  for (const auto& what : hive_.promises().broken()) all += what + "; ";
  if (hive_.hive().runs.size() != 1) all += "one key, and not one run; ";
  if (run() == nullptr) return all + "an acknowledged run is gone; ";
  if (!is_over(run()->status)) all += "the run has not ended; ";
  const auto acknowledged = [&](const messages::Key& key) {
    const auto* answer = hive_.answer(key);
    return answer != nullptr && answer->answered == Answered::ok;
  };
  if (acknowledged(beginning) && run()->reason.starts_with("abandoned"))
    all += "an acknowledged plan is gone; ";
  if (acknowledged(cancelling) && run()->status != RunStatus::cancelled)
    all += "an acknowledged cancellation is gone; ";
  return all;
}

}  // namespace queenright::roles
