#include <boost/test/unit_test.hpp>

#include "actors/roles/catalogue.hpp"
#include "persistence/recovery.hpp"
#include "tests/sim/witness.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(crash)

using messages::NodeId;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr NodeId queen{1};
constexpr NodeId worker{2};

struct Crashing {
  explicit Crashing(std::uint64_t seed) : world(options_of(seed)) { world.observe(witness); }
  static Options options_of(std::uint64_t seed) {
    Options options;
    options.seed = seed;
    options.checkpoint_bytes = 64U << 10U;
    return options;
  }
  void run_for(messages::Duration span) { world.run_until(world.now() + span); }
  void steps(int count) {
    while (count-- > 0) world.step();
  }
  void crash_and_restart(NodeId node, std::uint32_t kept) {
    world.crash(node, kept);
    world.restart(node);
    BOOST_TEST(world.is_up(node));
  }
  void require_sound() const {
    BOOST_TEST(world.violations() == std::vector<std::string>(), boost::test_tools::per_element());
    BOOST_TEST(witness.failures == std::vector<std::string>(), boost::test_tools::per_element());
  }
  /// Every run that clients began comes to its end once nobody disturbs it.
  void require_answers() {
    world.stop_clients();
    for (int i = 0; i < 300 && open_runs() > 0; ++i) run_for(seconds{2});
    BOOST_TEST(open_runs() == 0U);
  }
  std::size_t open_runs() const {
    std::size_t open = 0;
    for (const auto& client : world.clients())
      for (const auto& run : client->runs()) open += run.over ? 0 : 1;
    return open;
  }

  Witness witness;
  World world;
};

BOOST_AUTO_TEST_CASE(
    at_whatever_moment_it_comes_the_journal_replays_and_clients_get_their_answers) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Crashing hive(seed);
    Chance chance(seed, 99);
    for (int i = 0; i < 30; ++i) {
      hive.steps(static_cast<int>(chance.below(400)));
      const NodeId node{static_cast<std::uint16_t>(1 + chance.below(3))};
      hive.crash_and_restart(node, static_cast<std::uint32_t>(chance.below(1001)));
    }
    BOOST_TEST(hive.witness.ends.size() == 30U);
    hive.require_answers();
    hive.require_sound();
  }
}

BOOST_AUTO_TEST_CASE(no_two_lives_of_a_node_have_one_incarnation) {
  Crashing hive(3);
  for (int i = 0; i < 5; ++i) {
    hive.run_for(milliseconds{700});
    if (i == 2) hive.world.lose_directory(worker);
    if (i == 2) hive.world.restart(worker);
    hive.crash_and_restart(worker, 0);
  }
  const auto& lives = hive.witness.incarnations[worker];
  for (std::size_t i = 1; i < lives.size(); ++i) BOOST_TEST((lives[i - 1] < lives[i]));
  BOOST_TEST(lives.size() == 7U);
}

BOOST_AUTO_TEST_CASE(a_lost_directory_is_told_until_that_is_durable) {
  Crashing hive(4);
  hive.run_for(seconds{3});
  hive.world.lose_directory(worker);
  hive.world.restart(worker);
  hive.crash_and_restart(worker, 0);  // before anything was synced
  BOOST_TEST(hive.witness.amnesiacs == 2U);
  hive.run_for(seconds{3});
  hive.crash_and_restart(worker, 0);
  BOOST_TEST(hive.witness.amnesiacs == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_not_eager_leaves_only_what_is_durable) {
  Crashing hive(5);
  hive.run_for(seconds{20});
  std::size_t held = 0;
  for (const auto& left : hive.witness.left) {
    if (left.mark == messages::Release::eager) continue;
    ++held;
    const auto& of_node = hive.witness.written[left.node];
    const auto written = of_node.find({left.cause.who.role, left.cause.sequence});
    BOOST_REQUIRE((written != of_node.end()));
    BOOST_TEST((written->second <= left.durable));
  }
  BOOST_TEST(held > 50U);
}

BOOST_AUTO_TEST_CASE(a_failed_sync_ends_the_process_and_releases_nothing) {
  Crashing hive(6);
  hive.run_for(seconds{2});
  hive.world.fail_next_sync(queen);
  while (hive.world.is_up(queen)) {
    const auto durable = hive.witness.durable[queen];
    const auto before = hive.witness.left.size();
    BOOST_REQUIRE(hive.world.step());
    if (hive.world.is_up(queen)) continue;
    for (auto i = before; i < hive.witness.left.size(); ++i)
      BOOST_TEST((hive.witness.left[i].node != queen));
    BOOST_TEST((hive.witness.ends.back().node == queen));
    BOOST_TEST(hive.witness.ends.back().reason == "a sync failed");
    BOOST_TEST((durable <= hive.witness.durable[queen]));
  }
  hive.world.restart(queen);
  hive.require_answers();
  hive.require_sound();
}

BOOST_AUTO_TEST_CASE(a_failed_write_leaves_nothing_of_it) {
  Crashing hive(7);
  hive.run_for(seconds{2});
  hive.world.fail_next_write(queen);
  const auto durable = [&] { return hive.witness.durable[queen]; };
  messages::Position before;
  while (hive.world.is_up(queen)) {
    before = durable();
    BOOST_REQUIRE(hive.world.step());
  }
  BOOST_TEST((durable() == before));
  hive.world.restart(queen);
  hive.require_answers();
  hive.require_sound();
}

BOOST_AUTO_TEST_CASE(a_full_disk_ends_the_process_until_there_is_room) {
  Crashing hive(8);
  hive.run_for(seconds{2});
  hive.world.fill_disk(worker);
  for (int i = 0; i < 1000 && hive.world.is_up(worker); ++i) hive.run_for(seconds{1});
  BOOST_TEST(!hive.world.is_up(worker));  // drained, or no space left
  hive.world.empty_disk(worker);
  hive.world.restart(worker);
  BOOST_TEST(hive.world.is_up(worker));
  hive.require_answers();
}

BOOST_AUTO_TEST_CASE(a_damaged_block_is_noticed_and_its_node_has_lost_its_directory) {
  for (const bool torn : {true, false}) {
    Crashing hive(9);
    hive.run_for(seconds{3});
    hive.world.crash(worker, 0);
    if (torn)
      hive.world.tear_last_block(worker);
    else
      hive.world.flip_bit(worker);
    hive.world.restart(worker);
    BOOST_TEST(hive.world.is_up(worker));
    BOOST_TEST(hive.witness.amnesiacs == 1U);
  }
}

BOOST_AUTO_TEST_CASE(what_a_lying_sync_promised_is_gone_after_the_next_crash) {
  Crashing hive(10);
  hive.run_for(seconds{3});
  const auto before = hive.world.recording(worker).blocks.size();
  hive.world.lying_sync(worker, true);
  hive.run_for(seconds{5});
  BOOST_TEST(hive.world.recording(worker).blocks.size() > before);
  hive.world.crash(worker, 1000);
  BOOST_TEST(hive.world.recording(worker).blocks.size() == before);
}

BOOST_AUTO_TEST_CASE(a_recording_replays_from_its_first_input) {
  Crashing hive(11);
  hive.run_for(seconds{10});
  hive.crash_and_restart(queen, 300);
  hive.run_for(seconds{10});
  hive.world.crash(queen, 1000);
  auto disk = std::make_shared<persistence::MemoryDisk>(hive.world.recording(queen));
  disk->newest.clear();
  const roles::RoleCatalogue catalogue(roles::embedded_supervision());
  const auto recovery = persistence::recover(catalogue, persistence::MemoryJournal(disk));
  BOOST_TEST(std::get<persistence::Recovered>(recovery).inputs > 100U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
