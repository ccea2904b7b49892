#include <boost/test/unit_test.hpp>

#include "tests/election/queens.hpp"

/// What clients and sinks see of several queens: A-R16 to A-R20.
namespace queenright::election {
namespace {
BOOST_AUTO_TEST_SUITE(agreement_requests)

using messages::Append;
using messages::Claim;
using messages::hive_circuit;
using messages::Item;
using std::chrono::milliseconds;
using std::chrono::seconds;

Submit saying(const std::string& key, const std::string& word, CircuitId circuit = hive_circuit) {
  return cancel(circuit, key, word);
}

/// A root, and two who are not.
struct Asked {
  explicit Asked(Rules rules = {}) : queens(with_a_run(3, rules)), root(*queens->root(first_run)) {
    one = queens->others(root).front();
    other = queens->others(root).back();
  }

  Answered answered(const std::string& key) {
    BOOST_REQUIRE(queens->until([&] { return queens->replied(key); }, seconds{1}));
    return queens->reply(key)->answered;
  }
  bool acts(NodeId queen) const { return queens->queen(queen).election().acting(first_run); }
  std::size_t times_told(const std::string& word) {
    const std::string told = queens->told(*queens->root(first_run), first_run);
    std::size_t times = 0;
    for (auto at = told.find(word); at != std::string::npos; at = told.find(word, at + 1)) ++times;
    return times;
  }
  void end_root() {
    queens->crash(root);
    queens->prove_exit(root);
  }
  void submit(NodeId queen, const std::string& key, const std::string& word) {
    queens->submit(queen, saying(key, word, first_run));
  }
  const messages::Answer& answer(NodeId queen, bool stale = false) {
    const std::size_t before = queens->answers.size();
    queens->read(queen, first_run, "read" + std::to_string(before), stale);
    BOOST_REQUIRE(queens->until([&] { return queens->answers.size() > before; }, seconds{1}));
    return queens->answers.back().item;
  }

  std::unique_ptr<Queens> queens;
  NodeId root;
  NodeId one;
  NodeId other;
};

// A-R16.
BOOST_AUTO_TEST_CASE(the_same_key_has_the_same_answer_at_every_queen) {
  for (const bool holds : {true, false}) {
    Asked hive(holds ? Rules{} : without(Rule::known_keys));
    hive.submit(hive.one, "key", "word");
    BOOST_CHECK(hive.answered("key") == Answered::ok);
    const auto first = *hive.queens->reply("key");
    BOOST_REQUIRE(hive.queens->until([&] { return hive.queens->level(first_run); }));
    hive.queens->replies.clear();
    hive.queens->said.clear();
    hive.submit(hive.other, "key", "word");
    BOOST_CHECK(hive.answered("key") == Answered::ok);
    BOOST_CHECK((hive.queens->reply("key")->result == first.result) == holds);
    BOOST_TEST(hive.queens->said.empty() == holds);
    BOOST_TEST(hive.times_told("word") == (holds ? 1U : 2U));
    if (!holds) continue;
    BOOST_TEST(first.entry.value > 0U);
    BOOST_CHECK(hive.queens->reply("key")->entry == first.entry);
    hive.submit(hive.other, "key", "another");
    BOOST_CHECK(hive.answered("key") == Answered::refused);
    BOOST_TEST(hive.times_told("another") == 0U);
  }
}

// A-R16: it is on its way already.
BOOST_AUTO_TEST_CASE(a_command_that_two_queens_forward_is_done_once_and_answered_to_both) {
  Asked hive;
  hive.submit(hive.one, "key", "word");
  hive.submit(hive.other, "key", "word");
  BOOST_REQUIRE(hive.queens->until([&] { return hive.queens->replies.size() > 2; }));
  BOOST_TEST(hive.times_told("word") == 1U);
}

// A-R16: this queen's own drain is none of its business.
BOOST_AUTO_TEST_CASE(a_run_that_is_on_its_way_is_not_refused_by_a_drain) {
  auto queens = settled(3);
  const NodeId entry = queens->others(*queens->root()).front();
  for (const NodeId queen : {entry, *queens->root()}) {
    const std::string key = "run" + std::to_string(queen.value);
    queens->replies.clear();
    queens->submit(queen, open_run(key));
    queens->take(queen, messages::Drain{"interrupted", 0});
    queens->submit(queen, open_run(key));
    BOOST_REQUIRE(queens->until([&] { return queens->replied(key); }));
    for (const auto& reply : queens->replies) BOOST_CHECK(reply.item.answered == Answered::ok);
  }
}

// A-R18: what the root says for herself is no answer to what may be in another one's log.
BOOST_AUTO_TEST_CASE(a_queen_who_drains_takes_no_run_and_says_that_others_may) {
  auto queens = settled(3);
  const NodeId draining = queens->others(*queens->root()).front();
  queens->take(draining, messages::Drain{"little room", 6});
  queens->submit(draining,
                 {hive_circuit, {"run", 0}, messages::OpenRun{"plan", "hash", "run", {}}});
  BOOST_REQUIRE(queens->replied("run"));
  BOOST_CHECK(queens->reply("run")->answered == messages::Answered::unavailable);
  queens->take(draining, messages::Drain{});  // there is room again
  queens->submit(draining,
                 {hive_circuit, {"run", 0}, messages::OpenRun{"plan", "hash", "run", {}}});
  BOOST_TEST(
      queens->until([&] { return queens->reply("run")->answered == messages::Answered::ok; }));
}

BOOST_AUTO_TEST_CASE(a_run_that_was_forwarded_is_not_refused_by_the_roots_own_drain) {
  auto queens = settled(3);
  const NodeId root = *queens->root();
  queens->submit(queens->others(root).front(), open_run("run"));
  queens->take(root, messages::Drain{"interrupted", 0});
  BOOST_REQUIRE(queens->until([&] { return queens->replied("run"); }));
  BOOST_CHECK(queens->reply("run")->answered == Answered::ok);
}

// A-R12, A-R17.
BOOST_AUTO_TEST_CASE(what_a_leaving_root_does_not_take_any_more_is_done_by_the_next_one) {
  Asked hive;
  hive.queens->loses = [&](NodeId from, NodeId, const Item& item) {
    return from == hive.root && std::holds_alternative<Append>(item);
  };
  hive.submit(hive.root, "before", "before");
  hive.queens->demote(hive.root, first_run);
  hive.submit(hive.one, "key", "word");
  BOOST_CHECK(hive.answered("key") == Answered::ok);
  BOOST_CHECK(hive.queens->root(first_run) != hive.root);
  BOOST_TEST(hive.times_told("word") == 1U);
}

// A-R9.
BOOST_AUTO_TEST_CASE(a_forwarded_command_that_is_too_much_is_answered_busy) {
  Asked hive;
  hive.queens->loses = [](NodeId, NodeId, const Item& item) {
    return std::holds_alternative<messages::Appended>(item);
  };
  messages::Envelope much{{hive.root, {messages::RoleKind::client, 1}}, {}};
  for (int i = 0; i < 16; ++i)
    much.items.emplace_back(
        cancel(first_run, "much" + std::to_string(i), std::string(1U << 20U, 'x')));
  hive.queens->take(hive.root, std::move(much));
  hive.submit(hive.one, "key", "word");
  BOOST_CHECK(hive.answered("key") == Answered::busy);
}

// A-R7: she is to do something about it, as soon as her client is.
BOOST_AUTO_TEST_CASE(who_forwarded_a_command_learns_of_its_commit_with_the_answer) {
  Asked hive;
  auto& queens = *hive.queens;
  const Instant submitted = queens.now();
  hive.submit(hive.one, "key", "word");
  BOOST_CHECK(hive.answered("key") == Answered::ok);
  BOOST_CHECK(queens.now() <= submitted + milliseconds{6});
  BOOST_CHECK(queens.log(hive.one, first_run).commit == queens.log(hive.root, first_run).commit);
  BOOST_CHECK(queens.log(hive.other, first_run).commit < queens.log(hive.root, first_run).commit);
  BOOST_REQUIRE(queens.until([&] { return queens.level(first_run); }));
  for (const NodeId standby : {hive.one, hive.other})
    BOOST_TEST(queens.told_by<Append>(hive.root, standby).size() == 2U);
}

// A-R17.
BOOST_AUTO_TEST_CASE(a_standby_forwards_and_again_to_a_new_root) {
  Asked hive;
  hive.queens->loses = [&](NodeId from, NodeId, const Item& item) {
    return from == hive.root && std::holds_alternative<Append>(item);
  };
  const Instant submitted = hive.queens->now();
  hive.submit(hive.one, "key", "word");
  hive.queens->run(milliseconds{5});
  BOOST_TEST(hive.queens->told_by<Submit>(hive.one, hive.root).size() == 1U);
  hive.end_root();
  BOOST_CHECK(hive.answered("key") == Answered::ok);
  BOOST_CHECK(hive.queens->now() < submitted + milliseconds{100});
  BOOST_TEST(hive.times_told("word") == 1U);
}

// A-R17: and so does the root of before.
BOOST_AUTO_TEST_CASE(a_root_who_lost_the_lead_forwards_what_she_was_asked) {
  Asked hive;
  hive.queens->demote(hive.root, first_run);
  hive.submit(hive.root, "key", "word");
  BOOST_CHECK(hive.answered("key") == Answered::ok);
  BOOST_CHECK(hive.queens->root(first_run) != hive.root);
  BOOST_TEST(hive.times_told("word") == 1U);
}

/// Nobody leads, and nobody may claim; a majority is there.
void end_all_leads(Asked& hive) {
  hive.queens->loses = [](NodeId, NodeId, const Item& item) {
    return std::holds_alternative<Claim>(item);
  };
  hive.end_root();
}

// A-R18.
BOOST_AUTO_TEST_CASE(what_was_handed_to_nobody_is_definitely_not_done_after_400_ms) {
  Asked hive;
  end_all_leads(hive);
  const Instant submitted = hive.queens->now();
  hive.submit(hive.one, "key", "word");
  BOOST_CHECK(hive.answered("key") == Answered::unavailable);
  BOOST_CHECK(hive.queens->now() >= submitted + milliseconds{400});
  BOOST_CHECK(hive.queens->now() <= submitted + milliseconds{425});
}

// A-R18.
BOOST_AUTO_TEST_CASE(of_what_was_handed_over_nobody_knows) {
  for (const bool holds : {true, false}) {
    Asked hive(holds ? Rules{} : without(Rule::definite_refusals));
    hive.submit(hive.one, "key", "word");
    end_all_leads(hive);
    BOOST_CHECK(hive.answered("key") == (holds ? Answered::unknown : Answered::unavailable));
  }
}

// A-R18: the first root may have done it, whatever the second one says.
BOOST_AUTO_TEST_CASE(a_second_roots_refusal_of_what_a_first_one_may_have_is_not_definite) {
  for (const bool was_first : {true, false}) {
    Asked hive;
    auto& queens = *hive.queens;
    queens.loses = [&](NodeId from, NodeId to, const Item& item) {
      return (from == hive.root && std::holds_alternative<Append>(item)) ||
             (to == hive.other && std::holds_alternative<Submit>(item));
    };
    if (was_first) hive.submit(hive.one, "key", "word");
    const Ballot led = queens.promised(hive.root, first_run);
    const Ballot higher{{led.epoch.value + 1},
                        messages::tie_of(first_run, hive.other),
                        hive.other,
                        messages::first_session({1})};
    queens.tell(hive.other, hive.one, messages::View{first_run, higher, false});
    if (!was_first) hive.submit(hive.one, "key", "word");
    BOOST_TEST(queens.told_by<Submit>(hive.one, hive.other).size() == 1U);
    queens.tell(hive.other, hive.one,
                messages::Reply{first_run, {"key", 0}, Answered::busy, {}, "too much"});
    BOOST_TEST(queens.replied("key") == !was_first);
    if (was_first) BOOST_CHECK(hive.answered("key") != Answered::busy);
  }
}

// A-R18.
BOOST_AUTO_TEST_CASE(a_queen_without_a_majority_refuses_at_once_and_says_why) {
  Asked hive;
  hive.queens->isolate(hive.one);
  hive.queens->run(milliseconds{300});
  hive.submit(hive.one, "key", "word");
  BOOST_REQUIRE(hive.queens->replied("key"));
  BOOST_CHECK(hive.queens->reply("key")->answered == Answered::unavailable);
  BOOST_TEST(hive.queens->reply("key")->reason.starts_with("degraded"));
  hive.queens->heal();
  hive.queens->run(milliseconds{300});
  hive.submit(hive.one, "again", "word");
  BOOST_CHECK(hive.answered("again") == Answered::ok);
}

// A-R18.
BOOST_AUTO_TEST_CASE(a_client_is_told_ok_when_the_command_is_applied_and_not_before) {
  for (const bool holds : {true, false}) {
    Asked hive(holds ? Rules{} : without(Rule::answer_when_settled));
    hive.queens->isolate(hive.root);
    hive.submit(hive.root, "key", "word");
    BOOST_TEST(hive.queens->replied("key") == !holds);
  }
}

// A-R19.
BOOST_AUTO_TEST_CASE(a_read_is_answered_by_the_acting_root_whoever_is_asked) {
  Asked hive;
  hive.submit(hive.root, "key", "word");
  BOOST_CHECK(hive.answered("key") == Answered::ok);
  for (const NodeId queen : {hive.root, hive.one, hive.other}) {
    const auto& answer = hive.answer(queen);
    BOOST_CHECK(answer.value == messages::Value("word;"));
    BOOST_CHECK(answer.epoch == hive.queens->log(hive.root, first_run).accepted);
    BOOST_CHECK(answer.age == Duration{});
  }
  BOOST_TEST(hive.queens->told_by<messages::Read>(hive.one, hive.root).size() == 1U);
}

// A-R19.
BOOST_AUTO_TEST_CASE(a_root_whose_leases_are_over_answers_no_read) {
  for (const bool holds : {true, false}) {
    Asked hive(holds ? Rules{} : without(Rule::read_under_lease));
    hive.queens->isolate(hive.root);
    BOOST_REQUIRE(hive.queens->until([&] { return !hive.acts(hive.root); }));
    BOOST_TEST(hive.queens->replica(hive.root, first_run).leads());
    BOOST_TEST(hive.answer(hive.root).refused.empty() == !holds);
  }
}

// A-R19.
BOOST_AUTO_TEST_CASE(a_stale_read_is_answered_by_every_queen_with_its_age) {
  Asked hive;
  hive.submit(hive.root, "key", "word");
  BOOST_REQUIRE(hive.queens->until([&] { return hive.queens->level(first_run); }));
  hive.queens->isolate(hive.one);
  hive.queens->run(seconds{1});
  const auto& answer = hive.answer(hive.one, true);
  BOOST_TEST(answer.refused.empty());
  BOOST_CHECK(answer.value == messages::Value("word;"));
  BOOST_CHECK(answer.age >= milliseconds{990});
  BOOST_CHECK(hive.answer(hive.root, true).age == Duration{});
}

// A-R19: nothing was said of it for long, since there is nothing to say.
BOOST_AUTO_TEST_CASE(a_stale_read_of_a_circuit_at_rest_is_as_old_as_the_last_hello) {
  for (const bool booted : {false, true}) {
    Asked hive;
    if (booted) hive.queens->crash(hive.one);
    if (booted) hive.queens->boot(hive.one);
    hive.queens->run(seconds{2});
    const auto age = hive.answer(hive.one, true).age;
    BOOST_CHECK(age > Duration{});
    BOOST_CHECK(age <= milliseconds{60});
  }
}

// A-R19: she has heard of what she has not.
BOOST_AUTO_TEST_CASE(a_stale_read_is_as_old_as_what_is_missing) {
  Asked hive;
  hive.queens->loses = [&](NodeId, NodeId to, const Item& item) {
    const auto* append = std::get_if<Append>(&item);
    return append != nullptr && to == hive.one && !append->entries.empty() &&
           append->base <= hive.queens->log(hive.one, first_run).length;
  };
  hive.submit(hive.root, "first", "word");
  hive.submit(hive.root, "key", "word");
  BOOST_CHECK(hive.answered("key") == Answered::ok);
  hive.queens->run(seconds{1});
  BOOST_CHECK(hive.answer(hive.one, true).age >= milliseconds{950});
}

// A-R19: another queen may lead by now.
BOOST_AUTO_TEST_CASE(a_stale_read_of_a_root_whose_leases_are_over_is_not_told_to_be_fresh) {
  Asked hive;
  hive.queens->isolate(hive.root);
  BOOST_REQUIRE(hive.queens->until([&] { return !hive.acts(hive.root); }));
  BOOST_TEST(hive.queens->replica(hive.root, first_run).leads());
  BOOST_CHECK(hive.answer(hive.root, true).age > Duration{});
}

// A-R19: keys are their clients' own.
BOOST_AUTO_TEST_CASE(reads_under_one_key_are_answered_one_by_one) {
  Asked hive;
  for (const NodeId queen : {hive.root, hive.one}) {
    hive.queens->answers.clear();
    for (const bool stale : {false, true}) hive.queens->read(queen, first_run, "read", stale);
    BOOST_REQUIRE(hive.queens->until([&] { return hive.queens->answers.size() == 2U; }));
    for (const auto& answer : hive.queens->answers) {
      BOOST_TEST(answer.item.refused == "");
      BOOST_CHECK((answer.item.key == messages::Key{"read", 0}));
    }
  }
}

// A-R19: of a root whom she has not heard since, the age is at least that of this life.
BOOST_AUTO_TEST_CASE(a_stale_read_after_a_boot_is_not_told_to_be_fresh) {
  Asked hive;
  hive.queens->run(milliseconds{100});
  hive.queens->isolate(hive.one);
  hive.queens->crash(hive.one);
  hive.queens->boot(hive.one);
  hive.queens->run(seconds{1});
  BOOST_CHECK(hive.answer(hive.one, true).age >= seconds{1});
}

// A-R20.
BOOST_AUTO_TEST_CASE(a_new_root_issues_what_nobody_confirmed_under_her_epoch_until_it_is) {
  for (const bool holds : {true, false}) {
    Asked hive(holds ? Rules{} : without(Rule::issue_again));
    auto& queens = *hive.queens;
    hive.submit(hive.root, "key", "start");
    BOOST_REQUIRE(queens.until([&] { return queens.level(first_run); }));
    BOOST_REQUIRE(queens.effects.size() == 1U);  // by the root alone
    const auto first = queens.effects.front();
    BOOST_CHECK(first.by == hive.root);
    hive.end_root();
    queens.effects.clear();
    const bool again = queens.until([&] { return queens.effects.size() > 1; });
    BOOST_TEST(again == holds);
    if (!holds) continue;
    for (const auto& effect : queens.effects) {
      BOOST_CHECK(effect.by == queens.root(first_run));
      BOOST_CHECK(effect.item.id == first.item.id);
      BOOST_CHECK(effect.item.epoch > first.item.epoch);
    }
    queens.acknowledge(queens.effects.front().item);
    BOOST_REQUIRE(queens.until([&] {
      return queens.log(hive.one, first_run).effects.empty() &&
             queens.log(hive.other, first_run).effects.empty();
    }));
    queens.effects.clear();
    queens.run(seconds{2});
    BOOST_TEST(queens.effects.empty());
  }
}

// A-R20.
BOOST_AUTO_TEST_CASE(an_effect_is_issued_when_its_command_is_committed_and_not_before) {
  Asked hive;
  hive.queens->loses = [](NodeId, NodeId, const Item& item) {
    return std::holds_alternative<messages::Appended>(item);
  };
  hive.submit(hive.root, "key", "start");
  hive.queens->run(milliseconds{100});
  BOOST_TEST(hive.queens->effects.empty());
  hive.queens->loses = {};
  BOOST_TEST(hive.queens->until([&] { return !hive.queens->effects.empty(); }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
