#include "sim/world/world.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/sim/witness.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(world)

using messages::Instant;
using messages::NodeId;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr NodeId queen{1};
constexpr NodeId worker{2};
constexpr NodeId other_worker{3};

Options options_of(std::uint64_t seed) {
  Options options;
  options.seed = seed;
  return options;
}

/// A world with a witness.
struct Watched {
  explicit Watched(const Options& options) : world(options) { world.observe(witness); }
  void run_for(messages::Duration span) { world.run_until(world.now() + span); }

  Witness witness;
  World world;
};

std::size_t ended_runs(const World& world) {
  std::size_t ended = 0;
  for (const auto& client : world.clients())
    for (const auto& run : client->runs()) ended += run.ended ? 1 : 0;
  return ended;
}

std::uint64_t hash_after(const Options& options, seconds span) {
  Watched watched(options);
  watched.run_for(span);
  watched.world.crash(queen, 500);
  watched.world.restart(queen);
  watched.run_for(span);
  return watched.world.hash();
}

BOOST_AUTO_TEST_CASE(clients_have_their_runs_done) {
  Watched watched(options_of(1));
  watched.run_for(seconds{60});
  BOOST_TEST(ended_runs(watched.world) > 10U);
  BOOST_TEST(watched.world.violations().empty());
  BOOST_TEST(watched.witness.failures == std::vector<std::string>(),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_seed_is_one_run) {
  BOOST_TEST(hash_after(options_of(7), seconds{10}) == hash_after(options_of(7), seconds{10}));
  BOOST_TEST(hash_after(options_of(7), seconds{10}) != hash_after(options_of(8), seconds{10}));
}

BOOST_AUTO_TEST_CASE(who_looks_on_changes_nothing) {
  World alone(options_of(3));
  alone.run_until({seconds{10}});
  Watched watched(options_of(3));
  watched.run_for(seconds{10});
  BOOST_TEST(alone.hash() == watched.world.hash());
}

BOOST_AUTO_TEST_CASE(a_cut_link_delivers_nothing_in_its_one_direction) {
  auto options = options_of(2);
  options.runs_at_once = 16;  // some of them never need the worker that is cut off
  Watched watched(options);
  watched.run_for(seconds{5});
  watched.world.cut(queen, worker);
  const Instant since = watched.world.now();
  watched.run_for(seconds{20});
  BOOST_TEST(watched.witness.letters(worker, queen, since) == 0U);
  BOOST_TEST(watched.witness.letters(queen, worker, since) > 0U);
  BOOST_TEST(watched.witness.letters(other_worker, queen, since) > 0U);
  watched.world.restore(queen, worker);
  const Instant again = watched.world.now();
  watched.run_for(seconds{20});
  BOOST_TEST(watched.witness.letters(worker, queen, again) > 0U);
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_said_again) {
  Watched watched(options_of(4));
  watched.world.set_loss(300);
  watched.world.set_duplicates(300);
  watched.world.set_delay(milliseconds{2}, milliseconds{20});
  watched.world.set_bandwidth(1'000'000);
  watched.run_for(seconds{120});
  BOOST_TEST(ended_runs(watched.world) > 5U);
  BOOST_TEST(watched.witness.failures == std::vector<std::string>(),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_happens_in_a_paused_process_and_nothing_is_lost_by_it) {
  Watched watched(options_of(5));
  watched.run_for(seconds{5});
  watched.world.pause(queen);
  const Instant since = watched.world.now();
  watched.run_for(seconds{3});
  for (const auto& seen : watched.witness.turns)
    BOOST_TEST((seen.node != queen || seen.at <= since));
  watched.world.resume(queen);
  watched.run_for(seconds{60});
  BOOST_TEST(ended_runs(watched.world) > 5U);
}

BOOST_AUTO_TEST_CASE(the_clock_of_a_node_runs_at_its_rate) {
  Watched watched(options_of(6));
  watched.world.set_rate(worker, 100'000);
  watched.run_for(seconds{30});
  const auto shown = [&](NodeId node) {
    std::vector<const Witness::Seen*> seen;
    for (const auto& turn : watched.witness.turns)
      if (turn.node == node) seen.push_back(&turn);
    return static_cast<double>((seen.back()->shown - seen.front()->shown).count()) /
           static_cast<double>((seen.back()->at - seen.front()->at).count());
  };
  BOOST_TEST(shown(queen) == 1.0, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(shown(worker) == 1.1, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(a_wall_that_jumps_leaves_the_clock_alone) {
  Watched watched(options_of(6));
  watched.run_for(seconds{5});
  const auto before = watched.witness.turns.size();
  watched.world.jump_wall(queen, -3'600'000);
  watched.run_for(seconds{5});
  const auto& seen = watched.witness.turns;
  const auto of_queen = [](const Witness::Seen& turn) { return turn.node == queen; };
  const auto later =
      std::find_if(seen.begin() + static_cast<std::ptrdiff_t>(before), seen.end(), of_queen);
  const auto earlier = std::find_if(seen.begin(), seen.end(), of_queen);
  BOOST_REQUIRE((later != seen.end()));
  BOOST_TEST(later->input.wall.milliseconds < earlier->input.wall.milliseconds);
  BOOST_TEST((later->shown > earlier->shown));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
