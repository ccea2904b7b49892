#include <boost/test/unit_test.hpp>

#include "actors/roles/report.hpp"
#include "tests/actors/roles/made_up_client.hpp"

/// A whole run of a small plan, with a crash at every record of its journal.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(hive_crash)

using messages::AttemptId;
using messages::Resolution;
using messages::RunStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t slots = 2;
constexpr std::size_t sync_when_idle = 1'000;
constexpr std::size_t everything = 1'000'000;

/// A step whose fate may be unknown, a fan-out that may be run again, a joint.
Plan small_plan() {
  Plan plan = plan_of({retried(exec("first"), 2), idempotent(fan_out("each", "vars.list", 2, {0})),
                       noop("joint", {1})});
  plan.vars["list"] = messages::Value::List(3);
  return plan;
}

/// The very first attempt fails, all others succeed; they take different times.
Fate fate_of(const AttemptId& attempt, const messages::Exec&) {
  const bool first = attempt.task.value == 1 && attempt.attempt.value == 1;
  return {milliseconds{10 * attempt.task.value}, first ? failed() : succeeded("out"), false};
}

struct Lives {
  explicit Lives(std::size_t sync_every, Resolution decision = Resolution::retry)
      : hive(slots, sync_every, fate_of), client(hive, small_plan(), decision) {}

  /// Runs until that many records are written, or to the end.
  bool write(std::size_t records) {
    while (hive.records() < records)
      if (!client.step()) return false;
    return true;
  }

  HiveInMemory hive;
  MadeUpClient client;
};

void ends_well(Lives& lives, const std::string& where) {
  lives.client.to_the_end();
  BOOST_REQUIRE_MESSAGE(lives.client.broken().empty(), where << ": " << lives.client.broken());
  BOOST_REQUIRE_MESSAGE(
      lives.client.run()->status == RunStatus::succeeded,
      where << ": " << name_of(lives.client.run()->status) << ", " << lives.client.run()->reason);
}

/// With a crash after each record, and each number of un-synced records that may survive it.
void crash_everywhere(std::size_t sync_every, Resolution decision) {
  for (std::size_t at = 1; at < everything; ++at) {
    for (std::size_t kept = 0;; ++kept) {
      Lives lives(sync_every, decision);
      if (!lives.write(at)) return;
      if (kept > lives.hive.unsynced()) break;
      lives.hive.crash(kept);
      ends_well(lives, "crashed after " + std::to_string(at) + " records, kept " +
                           std::to_string(kept) + " that were not synced");
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_crash_each_task_is_started_once_and_the_hive_comes_to_rest) {
  Lives lives(sync_when_idle);
  ends_well(lives, "without a crash");
  BOOST_TEST(lives.hive.promises().spawns().size() == 5U);  // the first one twice
  BOOST_TEST(lives.hive.unsynced() == 0U);
  BOOST_TEST(lives.hive.circuit({1}) == nullptr);  // it has retired
}

BOOST_AUTO_TEST_CASE(a_run_survives_a_crash_at_every_record) {
  crash_everywhere(sync_when_idle, Resolution::retry);
}

BOOST_AUTO_TEST_CASE(a_run_survives_a_crash_at_every_record_when_each_is_synced_alone) {
  crash_everywhere(1, Resolution::skip);
}

BOOST_AUTO_TEST_CASE(a_run_survives_a_crash_of_its_recovery) {
  for (std::size_t at = 5; at < everything; at += 3) {
    for (std::size_t later = 1; later < 20; ++later) {
      Lives lives(sync_when_idle);
      if (!lives.write(at)) return;
      lives.hive.crash(lives.hive.unsynced() / 2);
      lives.write(lives.hive.records() + later);
      lives.hive.crash(0);
      ends_well(lives, "crashed after " + std::to_string(at) + " records and after " +
                           std::to_string(later) + " more");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_run_survives_when_nothing_is_ever_synced_before_the_crash) {
  Lives lives(sync_when_idle);
  for (std::size_t crash = 1; crash < 30; ++crash) {
    for (std::size_t steps = 0; steps < crash; ++steps) lives.client.step();
    lives.hive.crash(0);
  }
  ends_well(lives, "after many crashes");
}

// What nobody re-runs blindly, nobody forgets: it waits for a person, and for nothing else.
BOOST_AUTO_TEST_CASE(a_crash_while_a_step_runs_makes_the_run_wait_for_a_person) {
  Lives lives(sync_when_idle);
  while (lives.hive.promises().spawns().empty()) lives.client.step();
  lives.hive.crash(0);
  lives.hive.run_to_rest();
  BOOST_CHECK(lives.client.run()->status == RunStatus::awaiting_operator);
  BOOST_TEST(lives.client.run()->reason == "the fate of step 'first' is unknown");
  BOOST_TEST(lives.hive.promises().spawns().size() == 1U);
  ends_well(lives, "after the person's decision");
}

// The deadline of a circuit is asked for again though nothing else is under way.
BOOST_AUTO_TEST_CASE(a_crash_while_a_retry_waits_does_not_forget_the_retry) {
  Lives lives(sync_when_idle);
  const auto waits = [&] {
    const auto* state = lives.hive.circuit({1});
    return state != nullptr && !state->tasks.empty() &&
           state->tasks[0].status == TaskStatus::waiting && lives.hive.unsynced() == 0;
  };
  while (!waits()) BOOST_REQUIRE(lives.client.step());
  lives.hive.crash(0);
  lives.hive.run_to_rest();
  BOOST_CHECK(lives.client.run()->status == RunStatus::succeeded);
}

BOOST_AUTO_TEST_CASE(a_run_whose_plan_never_comes_is_abandoned_in_spite_of_a_crash) {
  for (const bool crashes : {false, true}) {
    HiveInMemory hive(slots, sync_when_idle, fate_of);
    hive.submit({messages::hive_circuit, {"k", 0}, messages::OpenRun{"plan", "hash", "k"}});
    while (hive.answer({"k", 0}) == nullptr || hive.unsynced() > 0) hive.step();
    if (crashes) hive.crash(0);
    hive.run_to_rest();
    BOOST_CHECK(hive.hive().runs.at({1}).status == RunStatus::cancelled);
    BOOST_TEST(hive.hive().runs.at({1}).reason == "its plan never came");
    BOOST_TEST(hive.promises().broken().empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
