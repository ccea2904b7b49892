#include "sim/campaign/trial.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "messages/ensure.hpp"

namespace queenright::sim {
namespace {

using messages::CircuitId;
using messages::Instant;
using std::chrono::milliseconds;

constexpr Duration look_every = milliseconds{5};
constexpr Duration look_for_winners_every = milliseconds{1};
constexpr std::uint32_t winners_that_crash = 400;  // permille

}  // namespace

/// Hears who says for the first time that she was elected (R7) or that a circuit is to end (R16),
/// and which role broke an invariant of its own: that is a bug, however well it is survived.
class Trial::Elections : public Observer {
 public:
  void turned(const Turned& turn) override {
    if (!turn.failure.empty())
      failures_.push_back(
          {turn.at, "role", name_of(turn.role) + " failed: " + turn.failure, {}, {turn.node}});
    if (turn.role != messages::queen_role()) return;
    for (const auto& effect : turn.effects)
      if (const auto* sent = std::get_if<messages::Send>(&effect.body))
        for (const auto& item : sent->items) hear(turn.node, item);
  }

  std::vector<NodeId> take_winners() { return std::exchange(winners_, {}); }
  std::uint64_t count() const { return count_; }
  const std::vector<Violation>& failures() const { return failures_; }

 private:
  void hear(NodeId node, const messages::Item& item) {
    if (const auto* view = std::get_if<messages::View>(&item)) take(node, *view);
    const auto* claim = std::get_if<messages::Claim>(&item);
    if (claim != nullptr && claim->ballot.epoch == messages::closed_epoch &&
        closers_.emplace(claim->circuit, claim->ballot).second)
      winners_.push_back(node);
  }

  void take(NodeId node, const messages::View& view) {
    if (view.ballot.queen != node || view.released || view.ballot.epoch == messages::closed_epoch)
      return;
    auto& highest = highest_[view.circuit];
    if (view.ballot.epoch <= highest) return;
    highest = view.ballot.epoch;
    winners_.push_back(node);
    ++count_;
  }

  std::map<CircuitId, messages::Epoch> highest_;
  std::vector<NodeId> winners_;  ///< and closers
  std::set<std::pair<CircuitId, messages::Ballot>> closers_;
  std::vector<Violation> failures_;
  std::uint64_t count_ = 0;
};

Trial::Trial(TrialSetup setup)
    : setup_(std::move(setup)),
      world_(setup_.options),
      injection_(world_, setup_.options, setup_.faults),
      elections_(std::make_unique<Elections>()),
      draw_(setup_.options.seed, 0x500U) {
  world_.observe(*elections_);
  if (setup_.watchers) watchers_ = setup_.watchers();
  for (const auto& watcher : watchers_) world_.observe(*watcher);
  result_.faults = setup_.faults;
}

Trial::~Trial() = default;

TrialResult Trial::run() {
  const Phases& phases = setup_.phases;
  const std::vector<std::pair<Part, Duration>> parts{{Part::faults, phases.core_at()},
                                                     {Part::core, phases.healed_at()},
                                                     {Part::healed, phases.end()}};
  try {
    for (const auto& [part, end] : parts) {
      if (end <= injection_.now()) continue;
      begin(part);
      if (!run_until(end)) break;
    }
    if (!result_.interrupted && !violated()) {
      begin(Part::over);
      violated();
    }
  } catch (const messages::BrokenInvariant& broken) {
    result_.violations.push_back({world_.now(), "world", broken.what()});
  }
  result_.hash = world_.hash();
  result_.turns = world_.turns();
  for (const auto& client : world_.clients())
    for (const auto& run : client->runs()) result_.runs += run.ended ? 1U : 0U;
  result_.elections = elections_->count();
  result_.simulated = injection_.now();
  return std::move(result_);
}

void Trial::begin(Part part) {
  if (part == Part::healed && setup_.phases.healed != Duration{}) world_.stop_clients();
  for (const auto& watcher : watchers_) watcher->begin(part, world_);
}

/// False: something was violated on the way, or nobody wants to know any more.
bool Trial::run_until(Duration end) {
  const Duration step = setup_.winners_crash ? look_for_winners_every : look_every;
  while (injection_.now() < end) {
    result_.interrupted = setup_.interrupted != nullptr && *setup_.interrupted;
    if (result_.interrupted) return false;
    Duration to = std::min(injection_.now() + step, end);
    const bool is_next = next_doing_ < setup_.doings.size();
    if (is_next) to = std::min(to, std::max(setup_.doings[next_doing_].at, injection_.now()));
    injection_.run_until(to);
    do_what_is_due(to);
    if (setup_.winners_crash) crash_winners();
    for (const auto& watcher : watchers_) watcher->look(world_);
    if (violated()) return false;
  }
  return true;
}

void Trial::do_what_is_due(Duration now) {
  for (; next_doing_ < setup_.doings.size() && setup_.doings[next_doing_].at <= now; ++next_doing_)
    if (auto told = setup_.doings[next_doing_].act(world_); !told.empty())
      result_.told.push_back(std::move(told));
}

void Trial::crash_winners() {
  for (const NodeId winner : elections_->take_winners()) {
    if (!draw_.permille(winners_that_crash)) continue;
    Fault fault{injection_.now() + draw_.between(milliseconds{0}, milliseconds{7}),
                draw_.between(milliseconds{1}, milliseconds{800}),
                FaultKind::crash,
                {winner},
                draw_.between(0, 1000)};
    if (may_forget(winner) && draw_.permille(500)) fault.kind = FaultKind::lost_directory;
    fault.at += Duration{1};  // what begins now has begun already
    if (fault.at >= setup_.phases.core_at()) continue;
    fault.span = std::min(fault.span, setup_.phases.core_at() - fault.at);
    injection_.add(fault);
    result_.faults.push_back(std::move(fault));
  }
}

/// She is one of those whose loss of a journal this hive has to bear.
bool Trial::may_forget(NodeId queen) const {
  const auto& faults = setup_.faults;
  return std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
    return fault.kind == FaultKind::lost_directory && fault.nodes.front() == queen;
  });
}

bool Trial::violated() {
  if (!result_.violations.empty()) return true;
  for (const auto& what : world_.violations())
    result_.violations.push_back({world_.now(), "world", what});
  for (const auto& failure : elections_->failures()) result_.violations.push_back(failure);
  for (const auto& watcher : watchers_)
    for (const auto& violation : watcher->violations()) result_.violations.push_back(violation);
  return !result_.violations.empty();
}

}  // namespace queenright::sim
