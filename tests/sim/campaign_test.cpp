#include "sim/campaign/campaign.hpp"

#include <boost/test/unit_test.hpp>
#include <mutex>
#include <set>
#include <stdexcept>

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(campaign)

SeedResult sound(std::uint64_t seed) {
  SeedResult result{seed, {}, true, true};
  result.trial.hash = seed * 7;
  result.trial.turns = 10;
  result.trial.simulated = std::chrono::seconds{1};
  return result;
}

SeedResult broken(std::uint64_t seed) {
  auto result = sound(seed);
  result.trial.violations.push_back({{}, "I3", "made up"});
  return result;
}

/// Which seeds were run.
struct Ran {
  std::mutex mutex;
  std::set<std::uint64_t> seeds;

  void note(std::uint64_t seed) {
    const std::lock_guard lock(mutex);
    BOOST_REQUIRE(seeds.insert(seed).second);
  }
};

const auto nobody = [](const Totals&) {};
const std::atomic<bool> never{false};

BOOST_AUTO_TEST_CASE(every_seed_is_run_once_and_the_totals_are_the_same_on_any_number_of_threads) {
  std::set<std::uint64_t> hashes;
  for (const unsigned threads : {1U, 3U, 8U}) {
    Ran ran;
    Campaign campaign(
        [&](std::uint64_t seed) {
          ran.note(seed);
          return sound(seed);
        },
        threads);
    const auto result = campaign.run({5, 104}, nobody, never);
    BOOST_TEST((ran.seeds.size() == 100U && *ran.seeds.begin() == 5U));
    BOOST_TEST((result.totals.seeds == 100U && result.totals.turns == 1000U));
    BOOST_TEST((result.totals.repeated == 100U && result.totals.replayed == 100U));
    BOOST_TEST((result.totals.simulated == std::chrono::seconds{100}));
    BOOST_TEST(!result.failed.has_value());
    hashes.insert(result.totals.hash);
  }
  BOOST_TEST(hashes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_lowest_seed_with_a_violation_is_the_one_that_is_told) {
  for (const unsigned threads : {1U, 4U}) {
    Ran ran;
    Campaign campaign(
        [&](std::uint64_t seed) {
          ran.note(seed);
          return seed == 20 || seed == 17 || seed == 60 ? broken(seed) : sound(seed);
        },
        threads);
    const auto result = campaign.run({1, 1'000'000}, nobody, never);
    BOOST_REQUIRE(result.failed.has_value());
    BOOST_TEST(result.failed->seed == 17U);
    for (std::uint64_t seed = 1; seed <= 17; ++seed) BOOST_TEST(ran.seeds.contains(seed));
    BOOST_TEST(ran.seeds.size() < 1000U);
  }
}

BOOST_AUTO_TEST_CASE(an_interrupted_campaign_says_so_and_how_far_it_came) {
  std::atomic<bool> interrupted{false};
  Campaign campaign(
      [&](std::uint64_t seed) {
        if (seed == 10) interrupted = true;
        return sound(seed);
      },
      1);
  const auto result = campaign.run({1, 1'000'000}, nobody, interrupted);
  BOOST_TEST((result.interrupted && result.totals.seeds == 10U));
}

BOOST_AUTO_TEST_CASE(what_a_seed_throws_comes_out_of_the_campaign) {
  Campaign campaign([](std::uint64_t) -> SeedResult { throw std::runtime_error("no memory"); }, 4);
  BOOST_CHECK_THROW(campaign.run({1, 100}, nobody, never), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_last_number_that_there_is_can_be_a_seed) {
  Campaign campaign(sound, 2);
  constexpr std::uint64_t last = ~std::uint64_t{0};
  BOOST_TEST(campaign.run({last - 2, last}, nobody, never).totals.seeds == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
