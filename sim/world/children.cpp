#include "sim/world/children.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace queenright::sim {

using messages::AttemptEnd;
using messages::AttemptId;
using messages::Duration;

namespace {

constexpr Duration short_work = std::chrono::milliseconds{100};
constexpr Duration long_work = std::chrono::seconds{8};
constexpr Duration slow_death = std::chrono::seconds{2};

/// A file for each pattern, with a content of its own.
std::vector<messages::Artifact> made_by(const messages::Spawn& spawn) {
  const auto& [circuit, task, attempt] = spawn.attempt;
  const auto content = std::to_string(circuit.value) + "0" + std::to_string(task.value) + "0" +
                       std::to_string(attempt.value);
  std::vector<messages::Artifact> made;
  for (const auto& pattern : spawn.exec.artifacts)
    made.push_back({pattern, "sha256:" + std::string(64 - content.size(), '0') + content,
                    content.size(), false});
  return made;
}

}  // namespace

Children::Children(Agenda& agenda, std::uint64_t seed, messages::NodeId node, Exited exited)
    : agenda_(agenda), chance_(seed, 0x200U + node.value), exited_(std::move(exited)) {}

Fate Children::fate() {
  Fate fate;
  fate.runs = chance_.up_to(chance_.permille(50) ? long_work : short_work);
  fate.for_ever = chance_.permille(20);
  fate.ignores_term = chance_.permille(100);
  fate.dies_slowly = chance_.permille(100) ? chance_.up_to(slow_death) : Duration{};
  fate.outcome.end = AttemptEnd::exited;
  if (chance_.permille(150)) fate.outcome.exit_code = 1;
  if (chance_.permille(30)) {
    fate.outcome.end = AttemptEnd::signalled;
    fate.outcome.signal = 11;
  }
  return fate;
}

/// One that is told to sleep does so, in nanoseconds, and succeeds.
Fate Children::fate_of(const messages::Spawn& spawn) {
  const auto& exec = spawn.exec;
  if (!fails_ && exec.argv.front() != "sleep") {
    auto made_up = fate();
    if (went_well(made_up.outcome)) made_up.outcome.artifacts = made_by(spawn);
    return made_up;
  }
  Fate fate;
  fate.outcome.end = fails_ ? AttemptEnd::not_started : AttemptEnd::exited;
  fate.outcome.worker_failed = fails_;
  if (fails_)
    fate.outcome.reason = "no child can be started here";
  else
    fate.runs = Duration{std::stoll(exec.argv.back())};
  return fate;
}

/// A second spawn of one attempt is another process; whoever forbids that looks on from outside.
void Children::spawn(const messages::Spawn& spawn) {
  Fate made_up = fate_of(spawn);
  const auto exits = agenda_.now() + made_up.runs;
  auto& child = children_[spawn.attempt] = {++spawned_, exits, std::move(made_up), false};
  if (!child.fate.for_ever) expect_exit(spawn.attempt, child);
}

void Children::end(const messages::EndChild& end) {
  const auto found = children_.find(end.attempt);
  if (found == children_.end()) return;
  signal(end.attempt, found->second, end.force);
}

void Children::sweep(messages::CircuitId circuit) {
  for (auto& [attempt, child] : children_)
    if (attempt.circuit == circuit) signal(attempt, child, true);
}

void Children::signal(const AttemptId& attempt, Child& child, bool force) {
  if (!force && child.fate.ignores_term) return;
  const auto dies = agenda_.now() + child.fate.dies_slowly;
  if (!child.fate.for_ever && child.exits <= dies) return;
  child.exits = dies;
  child.fate.for_ever = false;
  child.told_to_end = true;
  child.fate.outcome = {};
  child.fate.outcome.end = AttemptEnd::signalled;
  child.fate.outcome.signal = force ? 9 : 15;
  expect_exit(attempt, child);
}

void Children::suspend(Duration span) {
  for (auto& [attempt, child] : children_) {
    child.exits = child.exits + span;
    if (!child.fate.for_ever) expect_exit(attempt, child);
  }
}

void Children::expect_exit(const AttemptId& attempt, const Child& child) {
  agenda_.at(child.exits, [this, attempt, number = child.number] { exit(attempt, number); });
}

/// One that comes too early, or of a child that is gone, is none.
void Children::exit(const AttemptId& attempt, std::uint64_t number) {
  const auto found = children_.find(attempt);
  if (found == children_.end() || found->second.number != number || found->second.fate.for_ever ||
      found->second.exits > agenda_.now())
    return;
  messages::ChildExited exited{attempt, std::move(found->second.fate.outcome),
                               found->second.told_to_end};
  children_.erase(found);
  exited_(std::move(exited));
}

}  // namespace queenright::sim
