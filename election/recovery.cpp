#include <algorithm>
#include <utility>

#include "election/election.hpp"

/// A queen who lost her journal, and those who tell her what she may have promised: R14.
namespace queenright::election {

void Election::lose_journal(std::vector<NodeId> survivors) {
  if (rules_.holds(Rule::recovery)) amnesia_.lose(now_, std::move(survivors));
}

void Election::ask_what_was_promised() {
  for (const auto& [queen, pair] : support_.state().pairs)
    if (amnesia_.wants(queen, now_))
      letters_.to(queen, messages::SyncRequest{support_.state().session});
}

void Election::take(NodeId from, const messages::SyncRequest& request) {
  if (voting() && support_.pair(from).session == request.session) wanted_[from] = request.session;
}

/// As of the end of the step: nothing that is promised later may be below what is told.
std::vector<WantedAnswer> Election::take_wanted() {
  std::vector<WantedAnswer> answers;
  for (const auto& [queen, session] : std::exchange(wanted_, {})) {
    WantedAnswer answer{queen, session, {}, {}};
    for (const auto& [circuit, contest] : state_.contests) answer.floors[circuit] = contest.highest;
    const auto next = [&] { return CircuitId{answer.highest.value + 1}; };
    while (true) {
      if (const CircuitId* last = state_.forgotten.last_from(next()))
        answer.highest = *last;
      else if (knows(next()))
        answer.highest = next();
      else
        break;
    }
    for (const auto& [first, last] : state_.forgotten.intervals)
      for (CircuitId circuit = std::max(first, next()); circuit <= last; ++circuit.value)
        answer.floors[circuit] = messages::closed_epoch;
    answers.push_back(std::move(answer));
  }
  return answers;
}

void Election::take(NodeId from, const messages::SyncReply& reply) {
  amnesia_.take(from, reply, support_.state().session, now_);
}

void Election::take(NodeId from, const messages::SyncEnd& end) {
  amnesia_.take(from, end, support_.state().session, now_);
  if (auto recovered = amnesia_.complete(support_.majority(), now_)) adopt(std::move(*recovered));
}

/// To whom she promised an epoch is not known any more: up to the floor, nobody gets one again.
void Election::adopt(Recovered recovered) {
  for (const auto& [circuit, floor] : recovered.floors) {
    if (forgotten(circuit)) continue;
    if (!knows(circuit)) open(circuit, false);
    Contest& contest = state_.contests.at(circuit);
    contest.highest = std::max(contest.highest, floor);
    if (floor == Epoch{}) continue;
    contest.promised = rules_.holds(Rule::floors) ? floor_ballot(floor) : Ballot{floor, 0, {}, {}};
    contest.released = true;
    contest.yielded = !rules_.holds(Rule::floors);
  }
  std::vector<CircuitId> over;
  for (const auto& [circuit, contest] : state_.contests)
    if (recovered.forgotten.contains(circuit)) over.push_back(circuit);
  for (const CircuitId circuit : over) forget(circuit);
  for (const auto& [first, last] : recovered.forgotten.intervals)
    state_.forgotten.insert(first, last);
  recovered_ = std::move(recovered.logs);
  std::erase_if(recovered_, [this](const auto& log) { return forgotten(log.circuit); });
}

}  // namespace queenright::election
