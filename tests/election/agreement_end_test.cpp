#include <boost/test/unit_test.hpp>

#include "tests/election/queens.hpp"

/// How a circuit ends among several queens: A-R13.
namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(agreement_end)

using messages::Answered;
using messages::Append;
using messages::Claim;
using messages::Fetch;
using messages::Item;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Ending {
  explicit Ending(Rules rules = {}, std::size_t count = 3)
      : queens(with_a_run(count, rules)), root(*queens->root(first_run)) {
    one = queens->others(root).front();
    other = queens->others(root).back();
  }
  void end() { queens->submit(root, cancel(first_run, "end", "end")); }
  bool claims_the_last_epoch() const {
    for (const NodeId queen : queens->others(root))
      for (const auto& claim : queens->told_by<Claim>(root, queen))
        if (claim.circuit == first_run && claim.ballot.epoch == messages::closed_epoch) return true;
    return false;
  }
  bool forgotten_by_all() const {
    for (const NodeId queen : {root, one, other})
      if (!queens->queen(queen).election().forgotten(first_run) || queens->knows(queen, first_run))
        return false;
    return true;
  }

  std::unique_ptr<Queens> queens;
  NodeId root;
  NodeId one;
  NodeId other;
};

BOOST_AUTO_TEST_CASE(a_circuit_that_wants_no_more_is_closed_and_forgotten_by_all) {
  Ending hive;
  hive.end();
  BOOST_TEST(hive.queens->until([&] { return hive.forgotten_by_all(); }));
  hive.queens->submit(hive.one, cancel(first_run, "later", "word"));
  BOOST_REQUIRE(hive.queens->replied("later"));
  BOOST_CHECK(hive.queens->reply("later")->answered == Answered::closed);
}

// A-R13: or nobody might be left who can tell the end.
BOOST_AUTO_TEST_CASE(the_last_epoch_is_claimed_when_the_close_is_committed_and_a_majority_knows) {
  for (const bool holds : {true, false}) {
    Ending hive(holds ? Rules{} : without(Rule::close_when_known));
    hive.end();
    BOOST_REQUIRE(hive.queens->until([&] { return hive.claims_the_last_epoch(); }));
    const Log& log = hive.queens->log(hive.root, first_run);
    BOOST_CHECK(log.entries.at(log.length).kind == EntryKind::close);
    BOOST_CHECK(log.commit == log.length);
    const bool known = hive.queens->log(hive.one, first_run).closed ||
                       hive.queens->log(hive.other, first_run).closed;
    BOOST_TEST(known == holds);
  }
}

// A-R13: who only heard of it could forget it in a crash.
BOOST_AUTO_TEST_CASE(
    the_last_epoch_is_claimed_when_a_majority_has_synced_that_the_close_is_committed) {
  Ending hive;
  hive.end();
  BOOST_REQUIRE(hive.queens->until([&] { return hive.claims_the_last_epoch(); }));
  const LogIndex end = hive.queens->log(hive.root, first_run).length;
  bool synced = false;
  for (const NodeId queen : {hive.one, hive.other})
    for (const auto& said : hive.queens->told_by<messages::Appended>(queen, hive.root))
      synced |= said.log.commit == end && release_of(said) == messages::Release::held;
  BOOST_TEST(synced);
}

// A-R13, A-R15: she knew the end, and has lost it with her journal.
BOOST_AUTO_TEST_CASE(who_knew_the_end_in_an_older_incarnation_is_not_counted) {
  for (const bool holds : {true, false}) {
    Ending hive(holds ? Rules{} : without(Rule::current_incarnation), 5);
    auto& queens = *hive.queens;
    const auto standbys = queens.others(hive.root);
    std::set<NodeId> unaware{standbys[1], standbys[2], standbys[3]};
    queens.loses = [&](NodeId, NodeId to, const Item& item) {
      const auto* append = std::get_if<Append>(&item);
      const Log& log = queens.log(hive.root, first_run);
      return append != nullptr && append->circuit == first_run && unaware.contains(to) &&
             log.closed && append->commit == log.length;
    };
    const auto end_known_to = [&](NodeId queen) {
      const Replica& replica = queens.replica(hive.root, first_run);
      return replica.log.closed && replica.lead.peers.at(queen).commit == replica.log.length;
    };
    hive.end();
    BOOST_REQUIRE(queens.until([&] { return end_known_to(standbys[0]); }));
    queens.crash(standbys[0]);
    queens.boot(standbys[0], true);
    queens.run(milliseconds{10});
    unaware.erase(standbys[1]);
    BOOST_REQUIRE(queens.until([&] { return end_known_to(standbys[1]); }, milliseconds{100}));
    queens.run(milliseconds{10});  // the claim waits for a sync
    BOOST_TEST(hive.claims_the_last_epoch() == !holds);
    unaware.clear();
    BOOST_TEST(queens.until([&] { return hive.claims_the_last_epoch(); }));
  }
}

// A-R13.
BOOST_AUTO_TEST_CASE(nothing_is_closed_before_the_close_is_committed) {
  for (const bool holds : {true, false}) {
    Ending hive(holds ? Rules{} : without(Rule::close_after_commit));
    hive.queens->loses = [](NodeId, NodeId, const Item& item) {
      const auto* append = std::get_if<Append>(&item);
      return append != nullptr && !append->entries.empty() &&
             append->entries.back().kind == EntryKind::close;
    };
    hive.end();
    hive.queens->run(milliseconds{100});
    BOOST_TEST(hive.claims_the_last_epoch() == !holds);
  }
}

// A-R13.
BOOST_AUTO_TEST_CASE(what_nobody_confirmed_keeps_a_circuit_open) {
  Ending hive;
  hive.queens->submit(hive.root, cancel(first_run, "start", "start"));
  hive.end();
  hive.queens->run(seconds{2});
  BOOST_TEST(!hive.claims_the_last_epoch());
  BOOST_TEST(hive.queens->log(hive.root, first_run).finished);
  hive.queens->acknowledge(hive.queens->effects.front().item);
  BOOST_TEST(hive.queens->until([&] { return hive.forgotten_by_all(); }));
}

// A-R13.
BOOST_AUTO_TEST_CASE(who_missed_the_end_fetches_it) {
  Ending hive;
  hive.queens->isolate(hive.one);
  hive.end();
  const auto closed = [&](NodeId queen) {
    return hive.queens->queen(queen).election().closed(first_run);
  };
  BOOST_REQUIRE(hive.queens->until([&] { return closed(hive.root) && closed(hive.other); }));
  hive.queens->run(milliseconds{500});
  BOOST_TEST(!hive.forgotten_by_all());  // somebody may still need it
  hive.queens->heal();
  BOOST_REQUIRE(hive.queens->until([&] { return hive.forgotten_by_all(); }));
  const auto fetched = hive.queens->told_by<Fetch>(hive.one, hive.root);
  BOOST_REQUIRE(!fetched.empty());
  BOOST_CHECK(fetched[0].ballot == Ballot{});
}

// A-R13, R16: her report of the run would lack its last lines for ever.
BOOST_AUTO_TEST_CASE(she_has_the_end_when_her_circuit_has_applied_it) {
  Ending hive;
  hive.queens->isolate(hive.one);
  hive.end();
  BOOST_REQUIRE(hive.queens->until(
      [&] { return hive.queens->queen(hive.other).election().closed(first_run); }));
  hive.queens->ignores = [&](NodeId queen, const Item& item) {
    return queen == hive.one && std::holds_alternative<messages::Committed>(item);
  };
  hive.queens->heal();
  BOOST_REQUIRE(hive.queens->until(
      [&] { return !hive.queens->told_by<messages::Suffix>(hive.other, hive.one).empty(); }));
  hive.queens->run(seconds{2});
  BOOST_TEST(hive.queens->knows(hive.one, first_run));
  hive.queens->ignores = {};
  BOOST_TEST(hive.queens->until([&] { return hive.forgotten_by_all(); }));
}

// A-R13, A-R16: the next root has the CLOSE, and does not know yet what was made of all before it.
BOOST_AUTO_TEST_CASE(nothing_comes_after_a_close_and_what_came_before_keeps_its_answer) {
  Ending hive;
  auto& queens = *hive.queens;
  queens.ignores = [&](NodeId queen, const Item& item) {
    return queen != hive.root && std::holds_alternative<messages::Committed>(item);
  };
  hive.end();
  const auto ends = [&](NodeId queen) { return queens.log(queen, first_run).ends(); };
  BOOST_REQUIRE(queens.until([&] { return ends(hive.one) && ends(hive.other); }));
  queens.crash(hive.root);
  BOOST_REQUIRE(queens.until([&] {
    const auto next = queens.root(first_run);
    return next && *next != hive.root;
  }));
  const NodeId next = *queens.root(first_run);
  const auto length = queens.log(next, first_run).length;
  queens.submit(next, cancel(first_run, "later", "word"));
  queens.submit(hive.one == next ? hive.other : hive.one, cancel(first_run, "elsewhere", "word"));
  queens.submit(next, cancel(first_run, "end", "end"));
  queens.run(milliseconds{200});
  BOOST_CHECK(queens.log(next, first_run).length == length);
  for (const auto* key : {"later", "elsewhere"}) BOOST_TEST(!queens.replied(key));
  queens.ignores = {};
  BOOST_REQUIRE(
      queens.until([&] { return queens.replied("later") && queens.replied("elsewhere"); }));
  BOOST_CHECK(queens.reply("later")->answered == Answered::closed);
  BOOST_CHECK(queens.reply("elsewhere")->answered == Answered::closed);
  BOOST_CHECK(queens.reply("end")->answered == Answered::ok);
}

// R16: a fresh one would take it for the first that it ever heard. Seed 31815.
BOOST_AUTO_TEST_CASE(nothing_is_said_to_a_circuit_that_has_retired) {
  Ending hive;
  auto& queens = *hive.queens;
  queens.isolate(hive.one);
  hive.end();
  const auto closed = [&](NodeId queen) {
    return queens.queen(queen).election().closed(first_run);
  };
  BOOST_REQUIRE(queens.until([&] { return closed(hive.root) && closed(hive.other); }));
  messages::Suffix end;
  end.circuit = first_run;
  end.log = queens.log(hive.root, first_run).vector();
  end.base = queens.log(hive.one, first_run).commit;
  for (const auto& [index, entry] : queens.log(hive.root, first_run).entries)
    if (index > end.base) end.entries.push_back(entry);
  std::size_t told = 0;
  queens.ignores = [&](NodeId queen, const Item&) { return queen == hive.one && ++told != 0; };
  const messages::Ended forgotten{first_run, true};
  queens.tell(hive.other, hive.one, forgotten);
  const auto contact = queens.queen(hive.root).support().contact(hive.one);
  queens.take(hive.one,
              messages::Envelope{{hive.root, messages::queen_role()}, {contact, end, forgotten}});
  BOOST_TEST(!queens.knows(hive.one, first_run));
  BOOST_TEST(told == 0U);
}

// A-R14, R16: in the answer of one queen it still was, by that of the other one it is over.
BOOST_AUTO_TEST_CASE(what_was_forgotten_meanwhile_does_not_come_back_with_a_lost_journal) {
  Ending hive;
  auto& queens = *hive.queens;
  const auto election = [&](NodeId queen) -> const Election& {
    return queens.queen(queen).election();
  };
  queens.isolate(hive.one);
  hive.end();
  BOOST_REQUIRE(queens.until([&] {
    return election(hive.root).closed(first_run) && election(hive.other).closed(first_run);
  }));
  queens.crash(hive.one);
  queens.boot(hive.one, true);
  queens.loses = [&](NodeId from, NodeId, const Item& item) {
    if (std::holds_alternative<messages::SyncEnd>(item)) return from == hive.other;
    return std::holds_alternative<messages::Suffix>(item) &&
           queens.told_by<messages::SyncEnd>(hive.root, hive.one).empty();
  };
  queens.heal();
  BOOST_REQUIRE(queens.until([&] { return election(hive.one).forgotten(first_run); }));
  BOOST_TEST(!election(hive.one).voting());
  queens.loses = {};
  BOOST_REQUIRE(queens.until([&] { return election(hive.one).voting(); }));
  BOOST_TEST(!queens.knows(hive.one, first_run));
  queens.read(hive.one, first_run, "read");
  BOOST_TEST(!queens.answers.empty());
}

// A-R13: the root who closed it is not needed any more.
BOOST_AUTO_TEST_CASE(the_end_can_be_had_from_any_queen_who_has_it) {
  Ending hive;
  hive.queens->isolate(hive.one);
  hive.end();
  BOOST_REQUIRE(hive.queens->until(
      [&] { return hive.queens->queen(hive.other).election().closed(first_run); }));
  hive.queens->run(milliseconds{100});
  hive.queens->crash(hive.root);
  hive.queens->heal();
  BOOST_REQUIRE(hive.queens->until([&] { return hive.queens->log(hive.one, first_run).closed; }));
  BOOST_TEST(hive.queens->told(hive.one, first_run).ends_with("end;"));
  hive.queens->boot(hive.root);
  BOOST_TEST(hive.queens->until([&] { return hive.forgotten_by_all(); }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
