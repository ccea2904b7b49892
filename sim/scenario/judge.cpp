#include "sim/scenario/judge.hpp"

#include <algorithm>

#include "actors/roles/report.hpp"
#include "sim/world/hive_view.hpp"

namespace queenright::sim {
namespace {

using enum Expectation::Kind;
using messages::Answered;
using messages::CircuitId;
using messages::RunStatus;

std::string number(std::size_t value) { return std::to_string(value); }

std::string list_of(const std::vector<NodeId>& queens) {
  if (queens.empty()) return "nobody acts as root";
  return (queens.size() == 1 ? "queen " : "queens ") + text_of(queens) +
         (queens.size() == 1 ? " acts" : " act") + " as root";
}

/// Circuits of runs that are not over.
std::vector<CircuitId> circuits_of_runs(const World& world) {
  std::vector<CircuitId> open;
  if (const auto* hive = hive_state(world))
    for (const auto& [circuit, run] : hive->runs)
      if (!messages::is_over(run.status)) open.push_back(circuit);
  return open;
}

std::set<CircuitId> circuits_rooted_at(const World& world, NodeId queen) {
  std::set<CircuitId> found;
  for (const CircuitId circuit : circuits_of_runs(world))
    if (acting_roots(world, circuit) == std::vector{queen}) found.insert(circuit);
  return found;
}

/// Whether it is enough that it holds once within its time.
bool is_event(Expectation::Kind kind) { return kind == refused; }

}  // namespace

Judge::Judge(const Scenario& scenario) : scenario_(scenario) {
  for (const auto& expectation : scenario.expectations) waiting_.push_back({&expectation});
}

void Judge::asked(const Spoke& spoke) {
  if (const auto* submit = std::get_if<messages::Submit>(&spoke.item))
    unanswered_.emplace(submit->circuit, submit->key);
}

void Judge::told(const Spoke& spoke) {
  const auto* reply = std::get_if<messages::Reply>(&spoke.item);
  if (reply == nullptr) return;
  if (is_final(reply->answered)) unanswered_.erase({reply->circuit, reply->key});
  const bool refused =
      reply->answered == Answered::refused || reply->answered == Answered::unavailable;
  if (refused) refusals_.emplace_back(spoke.at, reply->reason);
}

void Judge::begin(Part part, const World& world) {
  if (part == Part::faults) began_ = world.now();
  if (part != Part::over) return;
  for (const auto& waiting : waiting_)
    fail(*waiting.expectation, world, "the scenario was over before it could be looked at");
}

void Judge::look(const World& world) {
  const Duration now = world.now() - began_;
  for (const auto& waiting : waiting_) {
    const auto& expectation = *waiting.expectation;
    if (expectation.kind == roots_move && expectation.since <= now &&
        !roots_before_.contains(&expectation))
      roots_before_[&expectation] = circuits_rooted_at(world, expectation.queen);
  }
  for (auto& waiting : waiting_) judge(waiting, world, now);
  std::erase_if(waiting_, [&](const Waiting& one) { return now >= one.expectation->to; });
}

void Judge::judge(Waiting& waiting, const World& world, Duration now) {
  const auto& expectation = *waiting.expectation;
  if (now < expectation.from) return;
  const bool is_last = now >= expectation.to;
  const auto wrong = wrong_with(expectation, world);
  waiting.seen = waiting.seen || wrong.empty();
  if (is_event(expectation.kind) ? is_last && !waiting.seen : !wrong.empty())
    fail(expectation, world, wrong);
}

std::string Judge::wrong_with_ends(const World& world) {
  for (const NodeId queen : world.queens())
    if (const auto lacking = lacking_ends(world, queen); !lacking.empty())
      return "queen " + number(queen.value) + " lacks that of circuit " +
             number(lacking.front().value);
  return "";
}

void Judge::fail(const Expectation& expectation, const World& world, const std::string& why) {
  Violation violation{world.now(), "expect", {}, {}, {}};
  violation.what =
      scenario_.name + ":" + number(expectation.line) + ": " + expectation.text + ": " + why;
  if (expectation.run.value != 0) violation.circuit = expectation.run;
  if (expectation.queen.value != 0) violation.nodes = {expectation.queen};
  violations_.push_back(std::move(violation));
}

std::string Judge::wrong_with(const Expectation& expectation, const World& world) const {
  switch (expectation.kind) {
    case root_is:
    case root_is_not:
    case some_root:
    case no_root: return wrong_with_roots(expectation, world);
    case all_succeed:
    case all_end:
    case some_succeed:
    case run_ends:
    case circuits_open: return wrong_with_runs(expectation, world);
    case roots_move: return wrong_with_move(expectation, world);
    case tree_spans: return wrong_with_tree(expectation, world);
    case degraded: return is_degraded(world, expectation.queen) ? "" : "she takes what is new";
    case not_degraded: return is_degraded(world, expectation.queen) ? "she takes nothing new" : "";
    case all_answered:
      if (unanswered_.empty()) return "";
      return number(unanswered_.size()) + " are not, the first under the key " +
             unanswered_.begin()->second.session;
    case worker_is: return wrong_with_worker(expectation, world);
    case ends_known: return wrong_with_ends(world);
    case refused:
      for (const auto& [at, reason] : refusals_)
        if (at - began_ >= expectation.from && reason.find(expectation.word) != std::string::npos)
          return "";
      return "nobody was; the last refusal: " +
             (refusals_.empty() ? "none" : refusals_.back().second);
  }
  return "";
}

std::string Judge::wrong_with_roots(const Expectation& expectation, const World& world) const {
  const auto acting = acting_roots(world, expectation.run);
  const bool acts = std::find(acting.begin(), acting.end(), expectation.queen) != acting.end();
  const bool alone = acting.size() == 1;
  const bool holds = expectation.kind == root_is       ? alone && acts
                     : expectation.kind == root_is_not ? !acts
                     : expectation.kind == some_root   ? alone
                                                       : acting.empty();
  return holds ? "" : list_of(acting);
}

std::string Judge::wrong_with_runs(const Expectation& expectation, const World& world) const {
  const auto* hive = hive_state(world);
  if (hive == nullptr) return "no queen is there to tell";
  if (expectation.kind == circuits_open) {
    std::int64_t rooted = 0;
    for (const CircuitId circuit : circuits_of_runs(world))
      if (acting_roots(world, circuit).size() == 1) ++rooted;
    return rooted >= expectation.count ? "" : std::to_string(rooted) + " are, with one root each";
  }
  if (expectation.kind == run_ends) {
    const auto run = hive->runs.find(expectation.run);
    if (run == hive->runs.end()) return "there is no such run";
    const auto status = name_of(run->second.status);
    return status == expectation.word ? "" : "it is " + status;
  }
  std::int64_t succeeded = 0;
  for (const auto& [circuit, run] : hive->runs) {
    if (run.status == RunStatus::succeeded) {
      ++succeeded;
      continue;
    }
    const bool ended = messages::is_at_rest(run.status);
    if (expectation.kind == all_succeed || (expectation.kind == all_end && !ended))
      return "run " + std::to_string(circuit.value) + " is " + name_of(run.status) +
             (run.reason.empty() ? "" : ": " + run.reason);
  }
  if (expectation.kind == some_succeed)
    return succeeded >= expectation.count ? "" : std::to_string(succeeded) + " have";
  return hive->runs.empty() ? "there is no run" : "";
}

std::string Judge::wrong_with_worker(const Expectation& expectation, const World& world) {
  const auto* hive = hive_state(world);
  if (hive == nullptr) return "no queen is there to tell";
  const auto worker = hive->workers.find({expectation.worker, messages::worker_role()});
  if (worker == hive->workers.end()) return "it has not registered";
  const auto standing = roles::name_of(roles::standing_of(worker->second));
  return standing == expectation.word ? "" : "it is " + standing;
}

std::string Judge::wrong_with_tree(const Expectation& expectation, const World& world) const {
  for (const NodeId queen : world.queens()) {
    if (queen == expectation.queen) continue;
    std::set<NodeId> passed;
    for (NodeId at = queen; at != expectation.queen;) {
      if (!passed.insert(at).second) return "a loop at queen " + std::to_string(at.value);
      const auto parent = tree_parent(world, at, expectation.queen);
      if (!parent) return "queen " + std::to_string(at.value) + " has no way to her";
      at = *parent;
    }
  }
  return "";
}

std::string Judge::wrong_with_move(const Expectation& expectation, const World& world) const {
  const auto before = roots_before_.find(&expectation);
  if (before == roots_before_.end()) return "that time has not come";
  std::int64_t moved = 0;
  std::string left;
  const auto open = circuits_of_runs(world);
  for (const CircuitId circuit : before->second) {
    const auto acting = acting_roots(world, circuit);
    const bool is_over = !std::binary_search(open.begin(), open.end(), circuit);
    if (is_over || (acting.size() == 1 && acting.front() != expectation.queen))
      ++moved;
    else if (left.empty())
      left = "; of circuit " + std::to_string(circuit.value) + " " + list_of(acting);
  }
  if (moved >= expectation.count && left.empty()) return "";
  return std::to_string(moved) + " of " + number(before->second.size()) + " have" + left;
}

}  // namespace queenright::sim
