#include <boost/test/unit_test.hpp>

#include "tests/election/queens.hpp"

/// A standby, and whoever was away: A-R1, A-R5, A-R6, A-R8, A-R10, A-R14, A-R15.
namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(agreement_following)

using messages::Append;
using messages::Appended;
using messages::AppendRefused;
using messages::hive_circuit;
using messages::Item;
using std::chrono::milliseconds;
using std::chrono::seconds;

Submit saying(const std::string& word, CircuitId circuit = hive_circuit) {
  return cancel(circuit, word, word);
}

messages::Envelope saying_much(NodeId queen, int count) {
  messages::Envelope many{{queen, {messages::RoleKind::client, 1}}, {}};
  for (int i = 0; i < count; ++i) many.items.emplace_back(saying("w" + std::to_string(i)));
  return many;
}

Entry entry_of(Epoch epoch) {
  Entry entry;
  entry.epoch = epoch;
  entry.kind = EntryKind::confirm;
  return entry;
}

/// A root, and who follows her.
struct Hive {
  explicit Hive(std::size_t count = 3, Rules rules = {})
      : queens(settled(count, rules)), root(*queens->root()), standbys(queens->others(root)) {}

  bool has(NodeId queen, const std::string& word) const {
    return queens->told(queen).find(word + ";") != std::string::npos;
  }

  /// All appends to these queens are lost.
  void lose_appends_to(std::set<NodeId> lost) {
    queens->loses = [lost = std::move(lost)](NodeId, NodeId to, const Item& item) {
      return lost.contains(to) && std::holds_alternative<Append>(item);
    };
  }

  std::unique_ptr<Queens> queens;
  NodeId root;
  std::vector<NodeId> standbys;
};

// A-R1.
BOOST_AUTO_TEST_CASE(an_append_under_another_ballot_than_the_promised_is_refused_with_it) {
  for (const bool holds : {true, false}) {
    Hive hive(3, holds ? Rules{} : without(Rule::append_under_promise));
    const auto [standby, other] = std::pair(hive.standbys[0], hive.standbys[1]);
    const Ballot promised = hive.queens->promised(standby);
    const Ballot lower{{promised.epoch.value - 1}, 0, other, messages::first_session({1})};
    const LogIndex length = hive.queens->log(standby).length;
    const Append append{hive_circuit, lower, true, length, {entry_of(lower.epoch)},
                        std::nullopt, {}};
    hive.queens->tell(other, standby, append);
    BOOST_CHECK((hive.queens->log(standby).length == length) == holds);
    const auto refused = hive.queens->told_by<AppendRefused>(standby, other);
    BOOST_REQUIRE(refused.size() == (holds ? 1U : 0U));
    if (holds) BOOST_CHECK(refused[0].promised == promised);
  }
}

// A-R5: two of five have what nobody else will ever have.
BOOST_AUTO_TEST_CASE(a_sync_cuts_what_another_epoch_left_above_the_commit) {
  Hive hive(5);
  auto& queens = *hive.queens;
  const NodeId with_root = hive.standbys[0];
  for (const NodeId cut_off : {hive.root, with_root})
    for (std::size_t i = 1; i < 4; ++i) {
      queens.cut(cut_off, hive.standbys[i]);
      queens.cut(hive.standbys[i], cut_off);
    }
  queens.submit(hive.root, saying("lost"));
  queens.run(milliseconds{10});
  const LogIndex junk = queens.log(with_root).length;
  BOOST_CHECK(queens.log(with_root).commit < junk);
  BOOST_REQUIRE(queens.until([&] { return queens.root() && *queens.root() != hive.root; }));
  queens.submit(*queens.root(), saying("kept"));
  BOOST_REQUIRE(queens.until([&] { return queens.replied("lost"); }));  // and says no more of it
  BOOST_CHECK(queens.reply("lost")->answered == Answered::unknown);
  queens.heal();
  BOOST_REQUIRE(queens.until([&] { return queens.level() && hive.has(with_root, "kept"); }));
  BOOST_TEST(!hive.has(*queens.root(), "lost"));
  for (const NodeId queen : hive.standbys)
    BOOST_TEST(queens.told(queen) == queens.told(*queens.root()));
}

// A-R5: what a SYNC of this epoch has brought may be counted already.
BOOST_AUTO_TEST_CASE(a_repeated_sync_cuts_nothing) {
  for (const bool holds : {true, false}) {
    Hive hive(3, holds ? Rules{} : without(Rule::sync_once));
    auto& queens = *hive.queens;
    const NodeId standby = hive.standbys[0];
    queens.loses = [](NodeId, NodeId, const Item& item) {
      return std::holds_alternative<Appended>(item);
    };
    queens.submit(hive.root, saying("word"));
    queens.run(milliseconds{5});
    const Log before = queens.log(standby);
    BOOST_CHECK(before.commit < before.length);
    queens.tell(hive.root, standby,
                Append{hive_circuit, queens.promised(standby), true, before.commit, {}, {}, {}});
    BOOST_CHECK((queens.log(standby).length == before.length) == holds);
  }
}

// A-R6.
BOOST_AUTO_TEST_CASE(entries_are_shipped_before_the_roots_own_sync) {
  Hive hive;
  hive.queens->submit(hive.root, saying("word"));
  for (const NodeId standby : hive.standbys)
    BOOST_TEST(hive.queens->told_by<Append>(hive.root, standby).size() == 1U);
}

// A-R6.
BOOST_AUTO_TEST_CASE(a_gap_is_answered_and_filled) {
  Hive hive;
  auto& queens = *hive.queens;
  const NodeId standby = hive.standbys[0];
  hive.lose_appends_to({standby});
  queens.submit(hive.root, saying("first"));
  queens.loses = {};
  queens.submit(hive.root, saying("second"));
  queens.run(milliseconds{10});
  const auto acks = queens.told_by<Appended>(standby, hive.root);
  BOOST_TEST(std::any_of(acks.begin(), acks.end(), [](const auto& ack) { return ack.gap; }));
  BOOST_CHECK(queens.log(standby).length == queens.log(hive.root).length);
}

// A-R8.
BOOST_AUTO_TEST_CASE(what_is_not_acknowledged_is_sent_again_after_a_hello) {
  for (const bool holds : {true, false}) {
    Hive hive(3, holds ? Rules{} : without(Rule::resend));
    auto& queens = *hive.queens;
    const NodeId standby = hive.standbys[0];
    hive.lose_appends_to({standby});
    queens.submit(hive.root, saying("word"));
    queens.run(milliseconds{45});  // and the commit, which would have shown the gap
    queens.loses = {};
    BOOST_CHECK(queens.log(standby).length < queens.log(hive.root).length);
    const bool again = queens.until([&] { return queens.level(); }, milliseconds{100});
    BOOST_TEST(again == holds);
  }
}

// A-R8: the standbys hear her all the time, so that their support and its epoch stay.
BOOST_AUTO_TEST_CASE(what_a_standby_owes_is_not_forgotten_while_her_lease_is_over) {
  Hive hive;
  auto& queens = *hive.queens;
  const auto supported = [&] { return queens.queen(hive.root).support().connected(queens.now()); };
  for (const NodeId standby : hive.standbys) queens.cut(standby, hive.root);
  queens.submit(hive.root, saying("word"));
  BOOST_REQUIRE(queens.until([&] { return !supported(); }));
  queens.heal();
  BOOST_TEST(queens.until([&] { return queens.replied("word"); }, milliseconds{90}));
  BOOST_CHECK(queens.root() == hive.root);
}

// That promises nothing, as an acknowledgement of entries does.
BOOST_AUTO_TEST_CASE(to_have_heard_what_is_committed_waits_for_no_sync) {
  Hive hive;
  auto& queens = *hive.queens;
  queens.submit(hive.root, saying("word"));
  BOOST_REQUIRE(queens.until([&] { return queens.level(); }));
  queens.run(milliseconds{10});
  const Log& log = queens.log(hive.root);
  for (const NodeId standby : hive.standbys) {
    const auto acks = queens.told_by<Appended>(standby, hive.root);
    BOOST_REQUIRE(acks.size() == 2U);
    BOOST_CHECK(acks[0].log.length == log.length);
    BOOST_CHECK(release_of(acks[0]) == messages::Release::held);
    BOOST_CHECK(acks[1].log.length == LogIndex{});
    BOOST_CHECK(acks[1].log.commit == log.length);
    BOOST_CHECK(release_of(acks[1]) == messages::Release::eager);
  }
}

// A-R8.
BOOST_AUTO_TEST_CASE(of_a_circuit_at_rest_nothing_is_said) {
  Hive hive;
  hive.queens->run(seconds{2});
  BOOST_TEST(hive.queens->said.empty());
}

/// Appends that bring her something.
std::ptrdiff_t shipped(const Hive& hive, NodeId standby) {
  const auto appends = hive.queens->told_by<Append>(hive.root, standby);
  return std::count_if(appends.begin(), appends.end(),
                       [](const Append& one) { return !one.entries.empty(); });
}

// A-R8: steps come at any time between, by hellos of others.
BOOST_AUTO_TEST_CASE(what_comes_after_a_pause_is_sent_again_a_hello_later_and_not_sooner) {
  Hive hive;
  for (int i = 0; i < 60; ++i) {
    hive.queens->run(milliseconds{101});
    hive.queens->submit(hive.root, saying("w" + std::to_string(i)));
  }
  BOOST_REQUIRE(hive.queens->until([&] { return hive.queens->level(); }));
  for (const NodeId standby : hive.standbys) BOOST_TEST(shipped(hive, standby) == 60);
}

// A-R9: two Appends are under way to her.
BOOST_AUTO_TEST_CASE(who_waits_for_a_commit_is_told_of_it_without_what_has_to_wait) {
  Hive hive;
  auto& queens = *hive.queens;
  const NodeId asks = hive.standbys[0];
  queens.loses = [&](NodeId from, NodeId, const Item& item) {
    return from == asks && std::holds_alternative<Appended>(item);
  };
  queens.submit(asks, saying("asked"));
  BOOST_REQUIRE(queens.until([&] { return shipped(hive, asks) == 1; }));
  queens.submit(hive.root, saying("second"));
  queens.submit(hive.root, saying("third"));
  BOOST_REQUIRE(queens.until([&] { return queens.replied("asked"); }, milliseconds{30}));
  BOOST_TEST(hive.has(asks, "asked"));
  BOOST_TEST(shipped(hive, asks) == 2);
  queens.loses = {};
  BOOST_TEST(queens.until([&] { return queens.level() && hive.has(asks, "third"); }));
}

/// A standby is away for longer than the log is kept: 300 commands, and an effect.
void miss_much(Hive& hive, NodeId away) {
  auto& queens = *hive.queens;
  queens.submit(hive.root, saying("start"));
  queens.isolate(away);
  queens.take(hive.root, saying_much(hive.root, 300));
  BOOST_REQUIRE(queens.until([&] { return queens.replied("w299"); }));
  BOOST_CHECK(queens.log(hive.root).dropped > queens.log(away).commit);
  queens.heal();
}

// A-R10.
BOOST_AUTO_TEST_CASE(a_standby_behind_what_was_dropped_gets_a_snapshot_and_goes_on) {
  for (const bool holds : {true, false}) {
    Hive hive(3, holds ? Rules{} : without(Rule::snapshot_keys));
    auto& queens = *hive.queens;
    const NodeId away = hive.standbys[0];
    miss_much(hive, away);
    BOOST_REQUIRE(queens.until([&] { return queens.level(); }));
    BOOST_TEST(queens.told(away) == queens.told(hive.root));
    BOOST_TEST(queens.log(away).effects.size() == 1U);
    BOOST_TEST(queens.log(away).keys.contains({"w7", 0}) == holds);
    queens.submit(away, saying("after"));
    BOOST_TEST(queens.until([&] { return queens.replied("after") && queens.level(); }));
    BOOST_TEST(queens.told(away) == queens.told(hive.root));
  }
}

// A-R10.
BOOST_AUTO_TEST_CASE(who_got_a_snapshot_can_lead) {
  Hive hive;
  auto& queens = *hive.queens;
  const NodeId away = hive.standbys[0];
  miss_much(hive, away);
  BOOST_REQUIRE(queens.until([&] { return queens.level(); }));
  queens.demote(hive.standbys[1]);
  queens.run(milliseconds{100});
  queens.crash(hive.root);
  queens.prove_exit(hive.root);
  BOOST_REQUIRE(queens.until([&] { return queens.root() == away; }));
  queens.submit(away, saying("w7"));
  BOOST_REQUIRE(queens.replied("w7"));
  queens.submit(away, saying("more"));
  BOOST_TEST(queens.until([&] { return queens.replied("more") && queens.level(); }));
}

// A-R10: of a crash that kept what the queen did, and not what her circuit did.
BOOST_AUTO_TEST_CASE(a_circuit_that_has_lost_what_it_was_to_begin_from_gets_it_again) {
  Hive hive;
  auto& queens = *hive.queens;
  const NodeId away = hive.standbys[0];
  queens.ignores = [&](NodeId queen, const messages::Item&) { return queen == away; };
  miss_much(hive, away);
  BOOST_REQUIRE(
      queens.until([&] { return queens.log(away).commit >= queens.log(hive.root).commit; }));
  queens.crash(away);
  queens.ignores = {};
  queens.boot(away);
  queens.submit(hive.root, saying("more"));
  BOOST_TEST(queens.until([&] { return queens.replied("more") && queens.level(); }));
  BOOST_TEST(queens.told(away) == queens.told(hive.root));
}

// A-R14.
BOOST_AUTO_TEST_CASE(who_lost_her_journal_has_her_log_again_before_she_votes) {
  Hive hive;
  auto& queens = *hive.queens;
  const NodeId lost = hive.standbys[0];
  queens.submit(hive.root, saying("word"));
  BOOST_REQUIRE(queens.until([&] { return queens.level(); }));
  const LogIndex length = queens.log(lost).length;
  queens.crash(lost);
  queens.run(milliseconds{100});
  queens.said.clear();
  queens.boot(lost, true);
  const auto votes = [&] { return queens.queen(lost).election().voting(); };
  BOOST_REQUIRE(queens.until([&] { return queens.log(lost).length >= length; }));
  BOOST_TEST(!votes());
  BOOST_TEST(hive.has(lost, "word"));
  for (const NodeId other : queens.others(lost)) {
    BOOST_TEST(queens.told_by<messages::Grant>(lost, other).empty());
    BOOST_TEST(queens.told_by<Appended>(lost, other).empty());
  }
  BOOST_REQUIRE(queens.until(votes));
  queens.submit(lost, saying("after"));
  BOOST_TEST(queens.until([&] { return queens.replied("after") && queens.level(); }));
}

// A-R14, A-R10: her circuits are asked for their states first, and again if they do not answer.
BOOST_AUTO_TEST_CASE(who_lost_her_journal_gets_what_all_others_have_dropped) {
  for (const bool unanswered : {false, true}) {
    Hive hive;
    auto& queens = *hive.queens;
    const NodeId lost = hive.standbys[0];
    queens.take(hive.root, saying_much(hive.root, 300));
    BOOST_REQUIRE(queens.until([&] { return queens.level(); }));
    for (const NodeId other : queens.others(lost))
      BOOST_CHECK(queens.log(other).dropped > LogIndex{});
    std::set<NodeId> asked;
    queens.ignores = [&](NodeId queen, const Item& item) {
      const bool first =
          std::holds_alternative<messages::Checkpoint>(item) && asked.insert(queen).second;
      return first && unanswered;
    };
    queens.crash(lost);
    queens.boot(lost, true);
    BOOST_REQUIRE(queens.until([&] { return queens.queen(lost).election().voting(); }));
    BOOST_TEST(asked.size() == 2U);
    BOOST_TEST(queens.told(lost) == queens.told(hive.root));
    BOOST_TEST(queens.log(lost).keys.contains({"w7", 0}));
    queens.submit(lost, saying("after"));
    BOOST_TEST(queens.until([&] { return queens.replied("after") && queens.level(); }));
    BOOST_TEST(queens.told(lost) == queens.told(hive.root));
  }
}

// A-R15: she acknowledged, and lost what she had acknowledged.
BOOST_AUTO_TEST_CASE(what_an_older_incarnation_acknowledged_does_not_count) {
  for (const bool holds : {true, false}) {
    Hive hive(5, holds ? Rules{} : without(Rule::current_incarnation));
    auto& queens = *hive.queens;
    const NodeId lost = hive.standbys[0];
    const NodeId has_it = hive.standbys[1];
    hive.lose_appends_to({has_it, hive.standbys[2], hive.standbys[3]});
    queens.submit(hive.root, saying("word"));
    queens.run(milliseconds{10});
    const LogIndex length = queens.log(hive.root).length;
    BOOST_CHECK(queens.log(lost).length == length);
    queens.crash(lost);
    queens.boot(lost, true);
    queens.run(milliseconds{10});
    hive.lose_appends_to({hive.standbys[2], hive.standbys[3]});
    BOOST_REQUIRE(queens.until([&] { return queens.log(has_it).length == length; }));
    queens.run(milliseconds{10});
    BOOST_TEST((queens.log(hive.root).commit < length) == holds);
    queens.loses = {};
    BOOST_TEST(queens.until([&] { return queens.replied("word") && queens.level(); }));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
