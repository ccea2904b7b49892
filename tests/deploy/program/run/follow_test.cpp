#include "deploy/program/run/follow.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(follow_runs)

const messages::CircuitId run{1};

/// A client who has heard these batches of a run's states.
struct Following {
  Client client{[](const Client::Said&) {}};
  Progress progress{Progress::Style::none, {{run, "plan-1"}}, 1};
  std::uint64_t entry = 0;

  void hear(const std::vector<std::string>& states) {
    messages::Events events{run, {}, false};
    for (const auto& state : states)
      events.events.push_back({{}, {}, 0, {}, state, {}, messages::LogIndex{++entry}});
    client.take({events});
  }

  ExitCode follow_to(FollowedTo state) {
    return follow(client, progress, {{run, "plan-1"}}, state, Interruption::leaves);
  }
};

BOOST_FIXTURE_TEST_CASE(a_run_that_waits_for_a_person_is_followed_to_there, Following) {
  hear({"running", "awaiting_operator"});
  BOOST_CHECK(follow_to(is_closed_or_waits) == ExitCode::success);
}

BOOST_FIXTURE_TEST_CASE(a_run_that_once_waited_is_followed_to_where_it_stands_now, Following) {
  hear({"running", "awaiting_operator"});
  hear({"running"});
  hear({"succeeded"});
  client.happen(Client::Interrupted{2});
  BOOST_CHECK(follow_to(is_closed_or_waits) == ExitCode::interrupted);
}

BOOST_FIXTURE_TEST_CASE(a_queen_who_knows_nothing_of_a_run_does_not_make_it_go_on, Following) {
  hear({"running", "succeeded", "elsewhere"});
  BOOST_CHECK(follow_to(is_over_or_waits) == ExitCode::success);
}

BOOST_FIXTURE_TEST_CASE(a_signal_after_a_runs_end_is_too_late, Following) {
  hear({"running", "succeeded"});
  client.happen(Client::Interrupted{2});
  BOOST_CHECK(follow_to(is_over_or_waits) == ExitCode::success);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
