#include "election/explain.hpp"

#include <algorithm>
#include <chrono>

#include "election/election.hpp"
#include "election/timing.hpp"

namespace queenright::election {
namespace {

constexpr std::size_t most_bids = 8;

std::string queen(NodeId node) { return "queen " + std::to_string(node.value); }

std::string text_of(const Ballot& ballot) {
  if (closes(ballot)) return "the closing by " + queen(ballot.queen);
  return queen(ballot.queen) + " in epoch " + std::to_string(ballot.epoch.value);
}

std::string text_of(messages::Duration span) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(span).count()) +
         " ms";
}

std::string text_of(const Bid& bid) {
  const std::string other = text_of(bid.against);
  const bool named = bid.against != Ballot{};
  switch (bid.fate) {
    case Fate::standing: return "claims, and waits for a majority";
    case Fate::granted: return "was granted";
    case Fate::elected: return "was elected";
    case Fate::outbid: return "gave way to " + other;
    case Fate::rejected: return "was rejected: promised to " + other;
    case Fate::parked: return "waits behind the lease of " + other;
    case Fate::timed_out: return "found no majority in time";
    case Fate::given_up: return named ? "handed over to " + other : "was given up";
    case Fate::closed: return "closed the circuit";
  }
  return {};
}

/// Why this queen does not claim.
std::string text_of(const Explanation& explanation) {
  switch (explanation.obstacle) {
    case Obstacle::none: return "is about to claim it";
    case Obstacle::unknown: return "has never heard of it";
    case Obstacle::closed: return "knows that it is closed: nobody will lead it again";
    case Obstacle::not_voting: return "does not vote: her journal was lost";
    case Obstacle::held: return "was told to leave it alone";
    case Obstacle::leads: return explanation.acts ? "leads it" : "leads it, without a majority";
    case Obstacle::claims: return "claims it";
    case Obstacle::unconnected: return "is not supported by a majority";
    case Obstacle::leased:
      return "has it leased to " + queen(explanation.other) +
             (explanation.until ? " for another " + text_of(*explanation.until - explanation.at)
                                : std::string());
    case Obstacle::root_lives: return "supports " + queen(explanation.other);
    case Obstacle::root_heard:
      return "does not hear " + queen(explanation.other) + ", but others do";
    case Obstacle::unwilling: return "is not to lead it, and others could";
  }
  return {};
}

}  // namespace

void record(std::vector<Bid>& bids, const Bid& bid) {
  const auto same = std::find_if(bids.begin(), bids.end(),
                                 [&](const Bid& one) { return one.ballot == bid.ballot; });
  if (same != bids.end()) {
    if (same->fate == bid.fate) return;
    bids.erase(same);
  }
  if (bids.size() == most_bids) bids.erase(bids.begin());
  bids.push_back(bid);
}

Explanation Election::explain(CircuitId circuit) const {
  Explanation found;
  found.circuit = circuit;
  found.queen = support_.state().self;
  found.at = now_;
  const auto known = state_.contests.find(circuit);
  if (known == state_.contests.end()) {
    found.obstacle = forgotten(circuit) ? Obstacle::closed : Obstacle::unknown;
    return found;
  }
  const Contest& contest = known->second;
  found.bids = contest.bids;
  found.acts = acting(circuit);
  found.obstacle = obstacle(circuit, contest);
  if (contest.view.ballot != Ballot{} && !contest.view.released) found.root = contest.view.ballot;
  for (const Bid& bid : contest.bids)
    if (found.root == bid.ballot) found.since = bid.at;
  if (found.obstacle == Obstacle::leased) {
    found.other = contest.promised.queen;
    const bool supported = support_.supports(found.other, contest.promised.session);
    found.until =
        supported ? support_.pair(found.other).until : state_.booted + support_.timing().lease;
  } else if (found.root) {
    found.other = found.root->queen;
  }
  return found;
}

std::string explained(const Explanation& explanation) {
  std::string out = "circuit " + std::to_string(explanation.circuit.value) + ", as " +
                    queen(explanation.queen) + " sees it\n";
  if (explanation.root)
    out += "root: " + text_of(*explanation.root) +
           (explanation.since ? ", for " + text_of(explanation.at - *explanation.since)
                              : std::string()) +
           "\n";
  else
    out += "root: none\n";
  out += queen(explanation.queen) + " " + text_of(explanation) + "\n";
  for (const Bid& bid : explanation.bids)
    out += text_of(explanation.at - bid.at) + " ago: " + text_of(bid.ballot) + " " + text_of(bid) +
           "\n";
  return out;
}

}  // namespace queenright::election
