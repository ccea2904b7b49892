#include "deploy/program/client/client.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <vector>

#include "deploy/program/failure.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(client)

using messages::Answered;
using messages::Reply;
using messages::Submit;

const Submit wanted{{1}, {"cancel", 0}, messages::CancelRun{"why not"}};

/// A client whose queen does as the test says each time it is asked.
struct Asking {
  std::function<void(std::size_t)> queen;
  std::size_t asked = 0;
  std::size_t left = 0;
  Client client{[this](const Client::Said&) { queen(++asked); },
                [this] {
                  ++left;
                  client.moved();
                }};

  void reply(Answered answered, messages::Key key = wanted.key) {
    client.take({Reply{wanted.circuit, std::move(key), answered, {}, {}}});
  }
};

BOOST_FIXTURE_TEST_CASE(a_client_asks_again_until_the_answer_is_final, Asking) {
  const std::vector answers{Answered::unknown, Answered::busy, Answered::refused};
  queen = [&](std::size_t time) { reply(answers.at(time - 1)); };
  BOOST_CHECK(client.ask(wanted).answered == Answered::refused);
  BOOST_TEST(asked == 3U);
}

BOOST_FIXTURE_TEST_CASE(the_answer_to_another_question_is_no_answer, Asking) {
  queen = [&](std::size_t time) {
    if (time == 1) reply(Answered::ok, {"cancel", 1});
    if (time == 2) reply(Answered::closed);
  };
  BOOST_CHECK(client.ask(wanted).answered == Answered::closed);
}

BOOST_FIXTURE_TEST_CASE(a_node_that_stops_ends_the_waiting_with_its_exit_code, Asking) {
  queen = [&](std::size_t) { client.happen(messages::StopNode{6, "the queen failed 6 times"}); };
  try {
    client.ask(wanted);
    BOOST_ERROR("it was answered by nobody");
  } catch (const Failure& failure) {
    BOOST_CHECK(failure.exit_code() == ExitCode::unavailable);
    BOOST_TEST(std::string(failure.what()).find("the queen failed 6 times") != std::string::npos);
  }
}

BOOST_FIXTURE_TEST_CASE(a_signal_is_left_to_whoever_follows, Asking) {
  queen = [&](std::size_t) {
    client.happen(Client::Interrupted{2});
    reply(Answered::ok);
  };
  BOOST_CHECK(client.ask(wanted).answered == Answered::ok);
  BOOST_CHECK(std::holds_alternative<Client::Interrupted>(*client.next({})));
}

BOOST_FIXTURE_TEST_CASE(a_queen_who_always_refuses_for_now_is_left_for_another_one, Asking) {
  queen = [&](std::size_t) { reply(left == 0 ? Answered::unknown : Answered::ok); };
  BOOST_CHECK(client.ask(wanted).answered == Answered::ok);
  BOOST_TEST(left == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_queen_who_says_nothing_is_left_for_another_one, Asking) {
  queen = [&](std::size_t) {
    if (left > 0) reply(Answered::ok);
  };
  BOOST_CHECK(client.ask(wanted).answered == Answered::ok);
  BOOST_TEST(left == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_move_while_something_is_said_has_it_said_again_at_once, Asking) {
  queen = [&](std::size_t time) {
    if (time == 1) client.moved();  // what was said is lost
    if (time == 2) reply(Answered::ok);
  };
  const auto began = std::chrono::steady_clock::now();
  BOOST_CHECK(client.ask(wanted).answered == Answered::ok);
  BOOST_TEST(left == 0U);
  BOOST_CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{2});
}

BOOST_AUTO_TEST_CASE(what_is_watched_once_more_goes_on_after_what_was_heard_last) {
  std::vector<messages::LogIndex> since;
  Client client{[&](const Client::Said& said) {
    for (const auto& item : said.items) since.push_back(std::get<messages::Watch>(item).since);
  }};
  const messages::CircuitId run{1};
  client.watch(run, messages::LogIndex{1});
  client.watch(run, messages::LogIndex{1});  // she had not heard of it
  messages::RunEvent event;
  event.index = {5};
  client.take({messages::Events{run, {event}, false}});
  client.next({});
  client.watch(run, messages::LogIndex{1});
  client.moved();
  BOOST_REQUIRE_EQUAL(since.size(), 4U);
  BOOST_TEST(since[0].value == 1U);
  BOOST_TEST(since[1].value == 1U);
  BOOST_TEST(since[2].value == 5U);
  BOOST_TEST(since[3].value == 5U);
}

/// A client of a hive whose journals hold these entries of a run, one event each.
struct Watching {
  static constexpr messages::CircuitId run{1};
  std::uint64_t known = 0;           ///< by the journals; 0: none has any of it
  std::vector<std::uint64_t> since;  ///< what they were asked for
  Client client{[this](const Client::Said& said) {
                  for (const auto& question : said.questions) answer(question);
                },
                [this] { client.moved(); }, 2};

  static messages::RunEvent event(std::uint64_t index, const std::string& state = "assigned") {
    return {{}, index == 0 ? "" : "a", 0, {}, state, {}, {index}};
  }

  void answer(const messages::NodeQuestion& question) {
    since.push_back(question.since.value);
    messages::NodeAnswer found{question.key, known == 0 ? "it holds nothing of it" : "", {}, {}};
    for (auto index = question.since.value; index++ < known;) found.events.push_back(event(index));
    client.take(std::move(found));
  }

  messages::Events hears(std::vector<messages::RunEvent> events, bool missed = false) {
    client.take({messages::Events{run, std::move(events), missed}});
    return std::get<messages::Events>(*client.next({}));
  }
};

std::vector<std::uint64_t> entries(const messages::Events& events) {
  std::vector<std::uint64_t> found;
  for (const auto& event : events.events) found.push_back(event.index.value);
  return found;
}

using Entries = std::vector<std::uint64_t>;

BOOST_FIXTURE_TEST_CASE(what_queens_remember_no_more_is_asked_of_the_journals, Watching) {
  client.watch(run);
  hears({event(3)});
  known = 6;
  const auto told = hears({event(5)}, true);
  BOOST_TEST(!told.missed);
  BOOST_TEST(entries(told) == (Entries{4, 5, 6}), boost::test_tools::per_element());
  BOOST_TEST(since == Entries{3}, boost::test_tools::per_element());
  BOOST_TEST(entries(hears({event(6), event(7)})) == Entries{7}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_run_that_ended_while_nobody_was_connected_is_heard_to_its_end, Watching) {
  client.watch(run);
  hears({event(3)});
  known = 5;
  BOOST_TEST(entries(hears({event(0, "closed")})) == (Entries{4, 5, 0}),
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(who_heard_the_end_asks_nobody_when_the_run_is_closed, Watching) {
  client.watch(run);
  auto end = event(3, "succeeded");
  end.step.clear();
  hears({end});
  BOOST_TEST(entries(hears({event(0, "closed")})) == Entries{0}, boost::test_tools::per_element());
  BOOST_TEST(since.empty());
}

BOOST_FIXTURE_TEST_CASE(what_no_journal_has_either_is_told_to_be_missing, Watching) {
  client.watch(run);
  hears({event(3)});
  const auto told = hears({event(9)}, true);
  BOOST_TEST(told.missed);
  BOOST_TEST(entries(told) == Entries{9}, boost::test_tools::per_element());
  BOOST_TEST(since == (Entries{3, 3}), boost::test_tools::per_element());  // both queens
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
