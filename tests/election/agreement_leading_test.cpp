#include <boost/test/unit_test.hpp>

#include "tests/election/queens.hpp"

/// A root: A-R2 to A-R4, A-R7, A-R9, A-R11, A-R12.
namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(agreement_leading)

using messages::Append;
using messages::Appended;
using messages::Fetch;
using messages::hive_circuit;
using messages::Item;
using messages::Released;
using messages::Suffix;
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

std::string last_word(int count) { return "w" + std::to_string(count - 1); }

bool has(Queens& queens, NodeId queen, const std::string& word) {
  return queens.told(queen).find(word + ";") != std::string::npos;
}

void lose_appends(Queens& queens, std::set<NodeId> to) {
  queens.loses = [to = std::move(to)](NodeId, NodeId queen, const Item& item) {
    return to.contains(queen) && std::holds_alternative<Append>(item);
  };
}

/// Whom its log is: `second` is unwilling, so `third` leads next.
struct Three {
  explicit Three(Rules rules = {}) : queens(settled(3, rules)), first(*queens->root()) {
    second = queens->others(first).front();
    third = queens->others(first).back();
    queens->demote(second);
    queens->run(milliseconds{100});
  }
  bool third_leads() const { return queens->root() == third; }
  void end_first() {
    queens->crash(first);
    queens->prove_exit(first);
  }

  std::unique_ptr<Queens> queens;
  NodeId first;
  NodeId second;
  NodeId third;
};

// A-R2: the old root's own log is the longer one.
BOOST_AUTO_TEST_CASE(a_root_takes_the_log_of_the_highest_epoch_not_the_longest) {
  for (const bool holds : {true, false}) {
    auto queens = settled(3, holds ? Rules{} : without(Rule::best_by_epoch));
    const NodeId old = *queens->root();
    queens->isolate(old);
    queens->take(old, saying_much(old, 9));
    std::optional<NodeId> newer;
    BOOST_REQUIRE(queens->until([&] {
      newer = queens->root();
      return newer && newer != old;
    }));
    BOOST_REQUIRE(queens->until([&] { return queens->replied(last_word(9)); }));  // unknown
    queens->submit(*newer, saying("kept"));
    BOOST_REQUIRE(queens->until([&] { return queens->replied("kept"); }));
    BOOST_CHECK(queens->reply("kept")->answered == Answered::ok);
    queens->crash(*newer);
    BOOST_CHECK(queens->log(old).length > queens->log(*newer).length);
    queens->heal();
    queens->prove_exit(*newer);
    BOOST_REQUIRE(queens->until([&] { return queens->root() && queens->level(); }));
    BOOST_TEST(has(*queens, *queens->root(), "kept") == holds);
    BOOST_TEST(has(*queens, *queens->root(), last_word(9)) == !holds);
  }
}

// A-R2, A-R3: the queen who has it leaves the lead to the one who has not.
BOOST_AUTO_TEST_CASE(a_short_suffix_rides_on_the_grant_and_a_long_one_is_fetched) {
  for (const int count : {1, 70}) {
    Three hive;
    auto& queens = *hive.queens;
    lose_appends(queens, {hive.third});
    queens.take(hive.first, saying_much(hive.first, count));
    BOOST_REQUIRE(queens.until([&] { return queens.replied(last_word(count)); }));
    BOOST_CHECK(queens.reply(last_word(count))->answered == Answered::ok);
    hive.end_first();
    queens.loses = {};
    BOOST_REQUIRE(queens.until([&] { return hive.third_leads() && queens.level(); }));
    BOOST_TEST(has(queens, hive.third, last_word(count)));
    BOOST_TEST(queens.told_by<Fetch>(hive.third, hive.second).empty() == (count == 1));
    BOOST_TEST(queens.told_by<Suffix>(hive.second, hive.third).empty() == (count == 1));
  }
}

// A-R2, without the rule.
BOOST_AUTO_TEST_CASE(a_root_who_takes_no_log_but_her_own_loses_what_was_acknowledged) {
  Three hive(without(Rule::adopt_best));
  auto& queens = *hive.queens;
  lose_appends(queens, {hive.third});
  queens.submit(hive.first, saying("word"));
  BOOST_REQUIRE(queens.until([&] { return queens.replied("word"); }));
  BOOST_CHECK(queens.reply("word")->answered == Answered::ok);
  hive.end_first();
  queens.loses = {};
  BOOST_REQUIRE(queens.until([&] { return hive.third_leads() && queens.level(); }));
  BOOST_TEST(!has(queens, hive.third, "word"));
}

// A-R3.
BOOST_AUTO_TEST_CASE(a_log_that_can_not_be_had_is_asked_for_again_and_the_lead_is_left) {
  Three hive;
  auto& queens = *hive.queens;
  lose_appends(queens, {hive.third});
  queens.take(hive.first, saying_much(hive.first, 70));
  BOOST_REQUIRE(queens.until([&] { return queens.replied(last_word(70)); }));
  queens.loses = [](NodeId, NodeId, const Item& item) {
    return std::holds_alternative<Suffix>(item);
  };
  hive.end_first();
  BOOST_TEST(!queens.until([&] { return hive.third_leads(); }, milliseconds{340}));
  const auto asked = queens.told_by<Fetch>(hive.third, hive.second).size();
  BOOST_TEST(asked > 4U);
  BOOST_TEST(asked < 9U);
  BOOST_TEST(!queens.told_by<Released>(hive.third, hive.second).empty());
  queens.loses = {};
  BOOST_REQUIRE(queens.until([&] { return queens.root() && queens.root() != hive.first; }));
  BOOST_REQUIRE(queens.until([&] { return queens.level(); }));
  BOOST_TEST(has(queens, hive.third, last_word(70)));
}

// A-R4, A-R19, A-R20.
BOOST_AUTO_TEST_CASE(reads_and_effects_wait_until_the_open_is_committed) {
  for (const bool holds : {true, false}) {
    auto queens = with_a_run(3, holds ? Rules{} : without(Rule::read_after_open));
    const NodeId old = *queens->root(first_run);
    queens->submit(old, saying("start", first_run));
    BOOST_REQUIRE(queens->until([&] { return queens->level(first_run); }));
    queens->effects.clear();
    queens->loses = [](NodeId, NodeId, const Item& item) {
      return std::holds_alternative<Appended>(item);
    };
    queens->crash(old);
    queens->prove_exit(old);
    std::optional<NodeId> opens;
    BOOST_REQUIRE(queens->until([&] {
      for (const NodeId queen : queens->others(old))
        if (queens->replica(queen, first_run).lead.phase == Phase::opening) opens = queen;
      return opens.has_value();
    }));
    const Log& log = queens->log(*opens, first_run);
    BOOST_CHECK(log.entries.at(log.length).kind == EntryKind::open);
    BOOST_CHECK(log.entries.at(log.length).epoch == log.accepted);
    queens->run(milliseconds{40});
    queens->read(*opens, first_run, "early");
    queens->run(milliseconds{5});
    BOOST_REQUIRE(queens->answers.size() == 1U);
    BOOST_TEST(queens->answers[0].item.refused.empty() == !holds);
    BOOST_TEST(queens->effects.empty());

    queens->loses = {};
    BOOST_REQUIRE(queens->until([&] { return queens->root(first_run) == opens; }));
    queens->read(*opens, first_run, "late");
    queens->run(milliseconds{5});
    BOOST_TEST(queens->answers.back().item.refused.empty());
    BOOST_TEST(!queens->effects.empty());
  }
}

// A-R7: of five, three.
BOOST_AUTO_TEST_CASE(what_a_majority_has_synced_is_committed_and_nothing_less) {
  for (const bool holds : {true, false}) {
    auto queens = settled(5, holds ? Rules{} : without(Rule::commit_by_majority));
    const NodeId root = *queens->root();
    const auto standbys = queens->others(root);
    lose_appends(*queens, {standbys[1], standbys[2], standbys[3]});
    queens->submit(root, saying("word"));
    queens->run(milliseconds{20});
    const LogIndex length = queens->log(root).length;
    BOOST_CHECK(queens->log(standbys[0]).length == length);
    BOOST_TEST((queens->log(root).commit < length) == holds);
    BOOST_TEST(queens->replied("word") == !holds);
    lose_appends(*queens, {standbys[2], standbys[3]});
    BOOST_REQUIRE(queens->until([&] { return queens->replied("word"); }));
    BOOST_CHECK(queens->log(standbys[3]).length < length);
  }
}

// A-R9.
BOOST_AUTO_TEST_CASE(no_more_than_a_window_of_entries_is_on_its_way_to_a_standby) {
  auto queens = settled(3);
  const NodeId root = *queens->root();
  const auto standbys = queens->others(root);
  const std::uint64_t held = queens->log(standbys[0]).length.value;
  queens->loses = [&](NodeId from, NodeId, const Item& item) {
    return from == standbys[0] && std::holds_alternative<Appended>(item);
  };
  queens->take(root, saying_much(root, 1'100));
  BOOST_REQUIRE(queens->until([&] { return queens->replied(last_word(1'100)); }));
  BOOST_TEST(queens->log(standbys[1]).length.value > held + 1'024);
  BOOST_TEST(queens->log(standbys[0]).length.value <= held + 1'025);
  queens->loses = {};
  BOOST_TEST(queens->until([&] { return queens->level(); }));
}

// A-R9: of three times as many bytes, and of one entry that is larger than the window.
BOOST_AUTO_TEST_CASE(no_more_than_a_mebibyte_is_on_its_way_to_a_standby_but_always_one_entry) {
  auto queens = settled(3);
  const NodeId root = *queens->root();
  const auto standbys = queens->others(root);
  const std::uint64_t held = queens->log(standbys[0]).length.value;
  queens->loses = [&](NodeId from, NodeId, const Item& item) {
    return from == standbys[0] && std::holds_alternative<Appended>(item);
  };
  for (int i = 0; i < 10; ++i)
    queens->submit(root, cancel(hive_circuit, "w" + std::to_string(i), std::string(300'000, 'x')));
  BOOST_REQUIRE(queens->until([&] { return queens->replied(last_word(10)); }));
  queens->run(milliseconds{100});
  BOOST_TEST(queens->log(standbys[1]).length.value == held + 10);
  BOOST_TEST(queens->log(standbys[0]).length.value == held + 3);
  queens->loses = {};
  queens->submit(root, cancel(hive_circuit, "large", std::string(2U << 20U, 'x')));
  BOOST_TEST(queens->until([&] { return queens->replied("large") && queens->level(); }));
}

// A-R9: ten commands, before anybody has acknowledged the first.
BOOST_AUTO_TEST_CASE(what_comes_while_two_appends_are_on_their_way_goes_together) {
  auto queens = settled(3);
  const NodeId root = *queens->root();
  const NodeId standby = queens->others(root).front();
  queens->said.clear();
  for (int i = 0; i < 10; ++i) queens->submit(root, saying("w" + std::to_string(i)));
  const auto entries_of_appends = [&] {
    std::vector<std::size_t> sizes;
    for (const auto& append : queens->told_by<Append>(root, standby))
      if (!append.entries.empty()) sizes.push_back(append.entries.size());
    return sizes;
  };
  BOOST_TEST(entries_of_appends() == (std::vector<std::size_t>{1, 1}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(queens->until([&] { return queens->replied(last_word(10)) && queens->level(); }));
  BOOST_TEST(entries_of_appends() == (std::vector<std::size_t>{1, 1, 8}),
             boost::test_tools::per_element());
}

// A-R3: elected again before she had the best log, which another queen holds.
BOOST_AUTO_TEST_CASE(a_vector_is_kept_when_an_older_grant_of_the_same_queen_comes_late) {
  Three hive;
  auto& queens = *hive.queens;
  lose_appends(queens, {hive.third});
  queens.take(hive.first, saying_much(hive.first, 70));
  BOOST_REQUIRE(queens.until([&] { return queens.replied(last_word(70)); }));
  queens.loses = [](NodeId, NodeId, const Item& item) {
    return std::holds_alternative<Suffix>(item);
  };
  hive.end_first();
  const auto& lead = queens.replica(hive.third).lead;
  BOOST_REQUIRE(queens.until([&] { return lead.phase == Phase::sync; }));
  const Ballot lower = lead.ballot;
  const auto best = lead.grantors.at(hive.second).log;
  BOOST_CHECK(best.length > queens.log(hive.third).length);

  const Ballot other{{lower.epoch.value + 1}, 0, hive.second, messages::first_session({1})};
  queens.tell(hive.second, hive.third, messages::AppendRefused{hive_circuit, lower, other});
  BOOST_REQUIRE(queens.until([&] { return lower < lead.grantors.at(hive.second).ballot; }));
  queens.tell(hive.second, hive.third, messages::Grant{hive_circuit, lower, {}, {}, {}, {}});
  const Grantor& kept = lead.grantors.at(hive.second);
  BOOST_CHECK(lower < kept.ballot);
  BOOST_CHECK(kept.log.length == best.length);
  queens.loses = {};
  BOOST_REQUIRE(queens.until([&] { return hive.third_leads() && queens.level(); }));
  BOOST_CHECK(lower < queens.promised(hive.third));
  BOOST_TEST(has(queens, hive.third, last_word(70)));
}

// A-R11.
BOOST_AUTO_TEST_CASE(a_root_who_is_refused_claims_a_higher_epoch_and_goes_on_meanwhile) {
  for (const bool holds : {true, false}) {
    auto queens = settled(3, holds ? Rules{} : without(Rule::re_ballot));
    const NodeId root = *queens->root();
    const auto standbys = queens->others(root);
    const Ballot led = queens->promised(root);
    const Ballot higher{{led.epoch.value + 1}, 0, standbys[1], messages::first_session({1})};
    queens->submit(root, saying("before"));
    queens->tell(standbys[0], root, messages::AppendRefused{hive_circuit, led, higher});
    queens->submit(root, saying("after"));
    BOOST_TEST(queens->queen(root).election().acting(hive_circuit));
    bool led_on = true;
    queens->until(
        [&] {
          led_on &= queens->replica(root).lead.phase != Phase::follow;
          return false;
        },
        milliseconds{200});
    BOOST_TEST(led_on);
    BOOST_REQUIRE(queens->level());
    BOOST_TEST((queens->log(root).accepted > higher.epoch) == holds);
    for (const auto* word : {"before", "after"}) {
      BOOST_REQUIRE(queens->replied(word));
      BOOST_CHECK(queens->reply(word)->answered == Answered::ok);
    }
  }
}

// A-R11, A-R12.
BOOST_AUTO_TEST_CASE(a_root_who_leaves_does_so_though_she_claims_a_higher_epoch_meanwhile) {
  auto queens = settled(3);
  const NodeId root = *queens->root();
  const auto standbys = queens->others(root);
  lose_appends(*queens, {standbys[0], standbys[1]});
  queens->submit(root, saying("word"));
  queens->demote(root, hive_circuit);
  const Ballot led = queens->promised(root);
  const Ballot higher{{led.epoch.value + 1}, 0, standbys[1], messages::first_session({1})};
  queens->tell(standbys[0], root, messages::AppendRefused{hive_circuit, led, higher});
  BOOST_REQUIRE(
      queens->until([&] { return led.epoch < queens->log(root).accepted; }, milliseconds{50}));
  queens->loses = {};
  BOOST_TEST(
      queens->until([&] { return queens->root() && queens->root() != root; }, milliseconds{200}));
}

// A-R12.
BOOST_AUTO_TEST_CASE(a_hand_over_waits_until_its_successor_is_caught_up) {
  auto queens = settled(3);
  const NodeId old = *queens->root();
  queens->submit(old, saying("word"));
  queens->demote(old);
  queens->submit(queens->others(old)[0], saying("parked"));
  BOOST_REQUIRE(queens->until([&] { return queens->root() && queens->root() != old; }));
  const auto released = std::find_if(queens->said.begin(), queens->said.end(), [](const Said& one) {
    return std::holds_alternative<Released>(one.item);
  });
  BOOST_REQUIRE(released != queens->said.end());
  BOOST_CHECK(queens->reply("word")->answered == Answered::ok);
  BOOST_TEST(queens->told_by<Fetch>(*queens->root(), old).empty());
  BOOST_REQUIRE(queens->until([&] { return queens->level(); }));
  BOOST_TEST(has(*queens, old, "word"));
}

// A-R12.
BOOST_AUTO_TEST_CASE(a_circuit_at_rest_is_handed_over_at_once) {
  auto queens = settled(3);
  const NodeId old = *queens->root();
  queens->demote(old);
  BOOST_TEST(
      queens->until([&] { return queens->root() && queens->root() != old; }, milliseconds{10}));
}

// A-R12: whoever takes over has the command, too, and does not obey it once more.
BOOST_AUTO_TEST_CASE(a_root_hands_over_when_a_command_of_her_own_epoch_says_so) {
  auto queens = settled(3);
  const NodeId old = *queens->root();
  auto command = saying("hand over");
  command.command = messages::HandOver{"by hand"};
  queens->submit(queens->others(old)[0], command);
  BOOST_REQUIRE(
      queens->until([&] { return queens->root() && queens->root() != old; }, milliseconds{100}));
  BOOST_REQUIRE(queens->replied("hand over"));
  const NodeId next = *queens->root();
  queens->run(std::chrono::seconds{1});
  BOOST_TEST(queens->root()->value == next.value);
}

// A-R12, A-R17: also what comes in by a standby who is not her successor.
BOOST_AUTO_TEST_CASE(what_is_wanted_just_after_a_handover_is_committed_by_the_next_root_at_once) {
  for (const std::size_t by : {0U, 1U}) {
    auto queens = settled(3);
    const NodeId old = *queens->root();
    const NodeId standby = queens->others(old)[by];
    auto command = saying("hand over");
    command.command = messages::HandOver{"by hand"};
    queens->submit(old, command);
    BOOST_REQUIRE(queens->until([&] { return queens->replied("hand over"); }));
    const Instant handed = queens->now();
    queens->submit(standby, saying("next"));
    BOOST_REQUIRE(queens->until([&] { return queens->replied("next"); }));
    BOOST_CHECK(queens->now() - handed < milliseconds{15});  // no tick was waited for
  }
}

// A-R12, R5: until the hive circuit says otherwise, over a boot too.
BOOST_AUTO_TEST_CASE(a_drained_queen_leads_nothing) {
  auto queens = settled(3);
  const NodeId old = *queens->root();
  const auto tell = [&](std::vector<NodeId> drained) {
    messages::Applied made;
    made.roster = messages::Roster{{}, {}, std::move(drained)};
    const messages::Address circuit{old, messages::circuit_role(hive_circuit)};
    queens->take(old, messages::Envelope{circuit, {made}});
  };
  tell({old});
  BOOST_REQUIRE(
      queens->until([&] { return queens->root() && queens->root() != old; }, milliseconds{200}));
  BOOST_TEST(!queens->queen(old).election().willing());
  tell({});
  BOOST_TEST(queens->queen(old).election().willing());
}

// A-R12: safe, and costs a transfer.
BOOST_AUTO_TEST_CASE(after_60_ms_the_lead_is_handed_over_to_one_who_is_not_caught_up) {
  auto queens = settled(3);
  const NodeId old = *queens->root();
  const auto standbys = queens->others(old);
  lose_appends(*queens, {standbys[0], standbys[1]});
  queens->submit(old, saying("word"));
  const Instant demoted = queens->now();
  queens->demote(old);
  const auto left = [&] { return !queens->told_by<Released>(old, standbys[0]).empty(); };
  BOOST_TEST(!queens->until(left, milliseconds{59}));
  queens->submit(standbys[0], saying("later"));
  queens->run(Duration{});
  BOOST_TEST(queens->until(left, milliseconds{30}));
  BOOST_CHECK(queens->now() >= demoted + milliseconds{60});
  queens->loses = {};
  BOOST_REQUIRE(queens->until([&] { return queens->level() && queens->root() != old; }));
  BOOST_REQUIRE(queens->until([&] { return queens->replied("word"); }));
  BOOST_TEST(has(*queens, *queens->root(), "word"));
}

BOOST_AUTO_TEST_CASE(a_demoted_queen_is_not_chosen_again_until_that_is_withdrawn) {
  auto queens = settled(3);
  const NodeId demoted = *queens->root();
  queens->demote(demoted);
  BOOST_REQUIRE(queens->until([&] { return queens->root() && queens->root() != demoted; }));
  for (int i = 0; i < 3; ++i) {
    const NodeId root = *queens->root();
    queens->demote(root, hive_circuit, "elsewhere");
    BOOST_REQUIRE(queens->until([&] { return queens->root() && queens->root() != root; }));
    BOOST_CHECK(queens->root() != demoted);
    queens->run(milliseconds{100});
  }
  queens->demote(demoted, {}, "");
  queens->run(milliseconds{100});
  const NodeId root = *queens->root();
  for (const NodeId other : queens->others(demoted))
    if (other != root) queens->demote(other);
  queens->run(milliseconds{100});
  queens->demote(root);
  BOOST_TEST(queens->until([&] { return queens->root() == demoted; }));
}

// A-R12.
BOOST_AUTO_TEST_CASE(a_demoted_root_whom_nobody_can_follow_serves_on_until_somebody_can) {
  auto queens = settled(3);
  const NodeId root = *queens->root();
  for (const NodeId other : queens->others(root)) queens->demote(other);
  queens->run(milliseconds{100});
  queens->demote(root);
  queens->run(milliseconds{100});
  for (const NodeId queen : {root, queens->others(root).front()}) {
    const std::string word = "at" + std::to_string(queen.value);
    queens->submit(queen, saying(word));
    BOOST_REQUIRE(queens->until([&] { return queens->replied(word); }));
    BOOST_CHECK(queens->reply(word)->answered == Answered::ok);
  }
  BOOST_CHECK(queens->root() == root);
  const NodeId well = queens->others(root).back();
  queens->demote(well, {}, "");
  BOOST_TEST(queens->until([&] { return queens->root() == well; }));
}

// She was a candidate when she was demoted.
BOOST_AUTO_TEST_CASE(what_a_demoted_queen_is_elected_to_after_all_moves_on) {
  auto queens = settled(3);
  const NodeId opener = *queens->root();
  queens->submit(opener, open_run("opening"));
  BOOST_REQUIRE(queens->until([&] {
    return queens->knows(opener, first_run) &&
           queens->queen(opener).election().contest(first_run).part == Part::candidate;
  }));
  queens->demote(opener);
  BOOST_TEST(queens->until([&] {
    const auto root = queens->root(first_run);
    return root && *root != opener;
  }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
