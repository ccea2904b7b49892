#include "tests/election/counting_circuit.hpp"

#include <algorithm>

#include "tests/election/lone_queen.hpp"

namespace queenright::election {

using messages::Applied;
using messages::Committed;

namespace {

const std::string opening = "open;";
const std::string ending = "end;";

std::string told_by(const messages::Command& command) {
  if (const auto* cancelled = std::get_if<messages::CancelRun>(&command))
    return cancelled->reason + ";";
  return std::holds_alternative<messages::OpenRun>(command) ? opening : "other;";
}

}  // namespace

AppliedEntry CountingCircuit::made_of(const messages::CommittedEntry& entry) {
  const std::string told = told_by(entry.command);
  told_ += told;
  AppliedEntry made;
  made.index = applied_ = entry.index;
  made.result = told_;
  if (told == opening)
    made.effects.emplace_back(messages::OpenCircuit{{++opened_}, entry.entry_queen});
  if (told.starts_with("start")) made.effects.push_back(start_attempt(1));
  return made;
}

Applied CountingCircuit::apply(const Committed& committed) {
  Applied applied{committed.circuit, {}, {}, false, {}};
  for (const auto& entry : committed.entries) {
    if (entry.index > applied_) made_[entry.index] = made_of(entry);
    applied.entries.push_back(made_.at(entry.index));
  }
  applied.finished = told_.ends_with(ending);
  return applied;
}

messages::Checkpointed CountingCircuit::checkpoint(CircuitId circuit) const {
  return {circuit, applied_, told_};
}

void CountingCircuit::restore(const messages::Restore& restore) {
  told_ = restore.state;
  applied_ = restore.applied;
  made_.clear();
  opened_ = 0;
  for (auto at = told_.find(opening); at != std::string::npos; at = told_.find(opening, at + 1))
    ++opened_;
}

messages::Answer CountingCircuit::answer(const messages::Read& read) const {
  return {read.circuit, read.key, {}, told_, applied_, {}, {}};
}

}  // namespace queenright::election
