#include <chrono>

#include "messages/text.hpp"
#include "tests/election/paper_hive.hpp"

/// What must hold in a hive on paper (docs/simulation.md).
namespace queenright::election {

void PaperHive::take_changes(Queen& queen) {
  for (const auto& change : queen.election.take_changes()) {
    if (change.kind == PartChanged::Kind::elected) count_election(queen, change.circuit);
    if (change.kind != PartChanged::Kind::closed) continue;
    if (!closing_.contains(change.circuit)) violate("R16: closed, and nobody asked for it");
    closings += closed_.insert(change.circuit).second ? 1 : 0;
  }
  for (const CircuitId circuit : queen.election.take_forgotten())
    if (ended_[circuit].size() < queens_.size()) violate("R16: forgotten while somebody needs it");
  recoveries += queen.election.take_recovered().empty() ? 0 : 1;
}

// I1, I4, I9.
void PaperHive::count_election(const Queen& queen, CircuitId circuit) {
  ++elections;
  const Ballot& ballot = queen.election.contest(circuit).led;
  auto [place, fresh] = elected_.try_emplace({circuit, ballot.epoch}, ballot);
  if (!fresh && place->second != ballot) violate("I1: two roots of one epoch");
  auto& highest = highest_elected_[circuit];
  if (fresh && ballot.epoch <= highest) violate("I4: an epoch of the past was elected");
  highest = std::max(highest, ballot.epoch);
  if (closed_.contains(circuit)) violate("I9: elected after the closing");
}

// I5.
void PaperHive::check_promises(const Queen& queen, const Letter& letter) {
  const ElectionState* synced = &queen.durable;
  for (const Disk& disk : queen.writing)
    if (disk.synced_at <= now_) synced = &disk.state;
  for (const auto& item : letter.items) {
    const auto* grant = std::get_if<messages::Grant>(&item);
    if (grant == nullptr || synced->forgotten.contains(grant->circuit)) continue;
    const auto known = synced->contests.find(grant->circuit);
    if (known == synced->contests.end() || is_below(known->second.promised, grant->ballot))
      violate("I5: granted, and not durable");
  }
}

// I3.
void PaperHive::check() {
  for (std::size_t c = 1; c <= circuits_; ++c) {
    int acting = 0;
    for (auto& queen : queens_) {
      if (!queen->up || now_ < queen->paused_until) continue;
      queen->election.begin_step(clock_of(*queen));
      acting += queen->election.acting({c}) ? 1 : 0;
    }
    if (acting > 1) violate("I3: two acting roots");
    if (acting > 0 && closed_.contains({c})) violate("I9: a root of a closed circuit acts");
  }
}

// I8.
void PaperHive::check_trees() {
  for (const auto& source : queens_)
    for (const auto& from : queens_) {
      std::size_t steps = 0;
      const Queen* at = from.get();
      while (at->up && steps <= queens_.size()) {
        const auto parent = at->tree.parent(source->id);
        if (!parent) break;
        at = queens_[parent->value - 1U].get();
        ++steps;
      }
      if (steps > queens_.size()) return violate("I8: a loop in a tree");
    }
}

// L3.
std::vector<std::string> PaperHive::unspanned() const {
  std::vector<std::string> found;
  for (const auto& source : queens_)
    for (const auto& queen : queens_)
      if (queen != source && !queen->tree.parent(source->id))
        found.push_back("L3: no way from queen " + std::to_string(queen->id.value) + " to " +
                        std::to_string(source->id.value));
  return found;
}

void PaperHive::violate(const std::string& what) {
  violations.push_back(what + " at " +
                       std::to_string((now_.since_boot - std::chrono::hours{1}).count() / 1000) +
                       " us");
}

std::vector<std::string> PaperHive::unsettled() {
  std::vector<std::string> found = unspanned();
  for (std::size_t c = 1; c <= circuits_; ++c) {
    std::set<Ballot> views;
    std::set<Ballot> promises;
    int acting = 0;
    for (auto& queen : queens_) {
      queen->election.begin_step(clock_of(*queen));
      acting += queen->up && queen->election.acting({c}) ? 1 : 0;
      if (!queen->election.knows({c})) continue;
      views.insert(queen->election.contest({c}).view.ballot);
      promises.insert(queen->election.contest({c}).promised);
    }
    if (closed_.contains({c})) {
      if (!views.empty())
        found.push_back("R16: circuit " + std::to_string(c) + " is not forgotten");
      continue;
    }
    if (acting != 1)
      found.push_back("L1: circuit " + std::to_string(c) + " has " + std::to_string(acting) +
                      " acting roots");
    if (promises.size() != 1)
      found.push_back("L4: not all have granted circuit " + std::to_string(c));
    if (views.size() != 1) found.push_back("L2: views of circuit " + std::to_string(c) + " differ");
  }
  for (const auto& queen : queens_)
    if (!queen->election.voting())
      found.push_back("R14: queen " + std::to_string(queen->id.value) + " does not vote");
  return found;
}

std::string PaperHive::text() const {
  std::string out;
  for (const auto& queen : queens_)
    out += "queen " + std::to_string(queen->id.value) + (queen->up ? " up at " : " down at ") +
           std::to_string(clock_of(*queen).since_boot.count()) + "\n" +
           messages::to_text(queen->support.state()) + "\n" +
           messages::to_text(queen->election.state()) + "\n";
  return out;
}

}  // namespace queenright::election
