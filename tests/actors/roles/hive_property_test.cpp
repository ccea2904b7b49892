#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

#include "tests/actors/roles/made_up_client.hpp"
#include "tests/actors/roles/random_plan.hpp"

/// What holds of a hive whatever it is asked to do, and whenever it crashes.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(hive_property)

using messages::AttemptId;
using messages::Resolution;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::uint64_t mixed(const AttemptId& attempt, std::uint64_t seed) {
  return messages::digest_of(messages::encode(attempt), seed).value;
}

/// Some succeed, some fail, some take too long and some of these do not listen.
HiveInMemory::Children children(std::uint64_t seed) {
  return [seed](const AttemptId& attempt, const messages::Exec&) {
    const auto chance = mixed(attempt, seed) % 16;
    Fate fate{milliseconds{chance * 7}, succeeded("out"), chance == 15};
    if (chance < 3) fate.outcome = failed();
    if (chance == 3) fate.outcome.end = messages::AttemptEnd::not_started;
    if (chance > 12) fate.runs = seconds{chance};
    return fate;
  };
}

BOOST_AUTO_TEST_CASE(every_promise_is_kept_and_every_run_ends_whatever_crashes) {
  const bool holds = rc::check("a hive keeps its promises", [] {
    const Plan plan = random_plan();
    Dice dice;
    HiveInMemory hive(1 + dice.roll(3), 1 + dice.roll(20), children(dice.roll(1'000'000)));
    MadeUpClient client(hive, plan, dice.roll(2) == 0 ? Resolution::skip : Resolution::retry);
    for (int crashes = 0; crashes < 8 && !dice.over(); ++crashes) {
      const auto records = hive.records() + dice.roll(40);
      while (hive.records() < records && client.step()) continue;
      if (dice.roll(8) == 7) client.cancel();
      hive.crash(dice.roll(static_cast<std::uint32_t>(hive.unsynced()) + 1));
    }
    client.to_the_end();
    RC_LOG() << client.broken();
    RC_ASSERT(client.broken().empty());
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
