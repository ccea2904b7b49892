#pragma once

#include <map>
#include <set>
#include <vector>

#include "election/election.hpp"
#include "tests/election/usual_timing.hpp"

namespace queenright::election {

using messages::Claim;
using messages::Grant;
using messages::OwnVote;
using messages::Probe;
using messages::Reject;
using messages::Released;

inline constexpr NodeId me{1};
inline constexpr NodeId second{2};
inline constexpr NodeId third{3};
inline constexpr CircuitId run{7};
inline constexpr messages::Session session = {std::uint64_t{1} << 32U};

inline Ballot closing_of(NodeId queen, messages::Session in = session) {
  return {messages::closed_epoch, messages::tie_of(run, queen), queen, in};
}
inline Ballot ballot_of(NodeId queen, std::uint32_t epoch, messages::Session in = session) {
  return {{epoch}, messages::tie_of(run, queen), queen, in};
}

/// One of three queens; the test plays the other two.
class Voter {
 public:
  Voter() {
    support.boot(me, {me, second, third}, {1});
    begin();
    election.boot(1, now);
  }

  /// A hello from her, who hears this one and supports her, and is supported.
  void greet(NodeId queen, messages::Session in = session) {
    begin();
    support.next_hello(queen, now);
    const HelloNumber last = support.pair(queen).last_sent;
    support.hear(queen, {in, support.state().session, last, last, epochs[queen], {}}, now);
    Hello hello;
    hello.number = {++hellos[queen].value};
    hello.connected = true;
    if (unwilling.contains(queen)) hello.standing = QueenStanding::drained;
    support.hear(queen, hello, now);
    end();
  }
  void greet_both() {
    greet(second);
    greet(third);
  }

  template <class Item>
  void take(NodeId from, const Item& item) {
    begin();
    election.take(from, item);
    end();
  }

  /// A step of the election.
  template <class Move>
  void step(Move move) {
    begin();
    move(election);
    end();
  }
  void open(bool opener) {
    step([&](Election& one) { one.open(run, opener); });
  }
  void sync() {  ///< her own votes come back
    begin();
    for (const auto& vote : std::exchange(own_votes, {}))
      election.vote_synced(vote.circuit, vote.ballot);
    end();
  }
  void wait(Duration span) {
    now = now + span;
    begin();
    election.wake();
    end();
  }
  void tick() {
    step([](Election& one) { one.tick(); });
  }
  void hand_over(std::optional<NodeId> successor) {
    step([&](Election& one) { one.hand_over(run, successor, "because"); });
  }
  /// Proof that her life up to this incarnation is over.
  void exited(NodeId queen, std::uint32_t incarnation) {
    step([&](Election&) { support.exit_proven(queen, {incarnation}); });
  }
  void boot_again() {
    support.boot(me, {me, second, third}, {2});
    begin();
    election.boot(1, now);
    end();
    hellos.clear();
  }

  /// Leads the run, by the grant of `second`.
  void lead() {
    greet_both();
    open(true);
    sync();
    take(second, Grant{run, contest().claimed, epochs[second], {}, {}, {}});
    said.clear();
  }

  const Contest& contest() const { return election.contest(run); }
  bool acts() {
    begin();
    return election.acting(run);
  }

  /// What was said to a queen since the last call, of one kind.
  template <class Item>
  std::vector<Item> told(NodeId queen) {
    std::vector<Item> found;
    for (const auto& item : said[queen])
      if (const auto* one = std::get_if<Item>(&item)) found.push_back(*one);
    said[queen].clear();
    return found;
  }

  Rules rules;
  Instant now{std::chrono::hours{1}};
  Letters letters;
  Support support{rules};
  Election election{{}, support, letters, rules};
  std::map<NodeId, SupportEpoch> epochs{{second, {100}}, {third, {100}}};
  std::map<NodeId, HelloNumber> hellos;
  std::set<NodeId> unwilling;
  std::map<NodeId, std::vector<messages::Item>> said;
  std::vector<OwnVote> own_votes;
  std::vector<PartChanged> changes;

 private:
  void begin() {
    letters.begin({second, third});
    election.begin_step(now);
    support.expire(now);
    withdrawn();
  }
  void withdrawn() {
    for (const NodeId queen : support.take_withdrawn()) election.support_ended(queen);
  }
  void end() {
    withdrawn();
    election.ask_in_turn(0);
    for (auto& [queen, items] : letters.take())
      for (auto& item : items) {
        if (const auto* vote = std::get_if<OwnVote>(&item))
          own_votes.push_back(*vote);
        else
          said[queen].push_back(std::move(item));
      }
    for (const auto& change : election.take_changes()) changes.push_back(change);
  }
};

}  // namespace queenright::election
