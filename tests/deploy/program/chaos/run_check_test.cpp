#include "deploy/program/chaos/run_check.hpp"

#include <boost/test/unit_test.hpp>

#include "deploy/program/chaos/plan_shapes.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(run_check)

/// One submit of each kind of plan, and all that a run of it leaves when it goes well.
struct WentWell {
  WentWell() {
    for (std::size_t shape = 0; shape < plan_shapes(); ++shape) {
      const auto key = "key-" + std::to_string(shape);
      const auto run = "run-" + std::to_string(shape);
      submissions.push_back({key, shape, run, {}});
      found[run] = {"succeeded", {}, {}};
      for (const auto& mark : marks_of(shape)) marks.push_back(key + ' ' + mark.step);
    }
  }

  RunCheck checked() const { return check_runs(submissions, found, marks); }

  void violates(const std::string& what) const {
    const auto check = checked();
    BOOST_REQUIRE_EQUAL(check.violations.size(), 1U);
    BOOST_TEST(check.violations.front().find(what) != std::string::npos, check.violations.front());
  }

  std::vector<Submission> submissions;
  std::map<std::string, FoundRun> found;
  std::vector<std::string> marks;
};

BOOST_FIXTURE_TEST_CASE(what_went_well_violates_nothing, WentWell) {
  const auto check = checked();
  BOOST_TEST(check.violations.empty());
  BOOST_TEST(check.acknowledged == plan_shapes());
  BOOST_TEST(check.by_status.at("succeeded") == plan_shapes());
}

BOOST_FIXTURE_TEST_CASE(an_acknowledged_run_that_the_hive_does_not_know_is_lost, WentWell) {
  found.erase("run-1");
  violates("key-1 was acknowledged as run-1, and is lost");
}

BOOST_FIXTURE_TEST_CASE(of_a_run_that_the_hive_has_forgotten_every_step_was_done, WentWell) {
  found["run-1"].status = forgotten;
  BOOST_TEST(checked().violations.empty());
  BOOST_TEST(checked().by_status.at(forgotten) == 1U);
  std::erase(marks, "key-1 " + marks_of(1).front().step);
  violates("was never done");
}

BOOST_FIXTURE_TEST_CASE(what_was_never_acknowledged_may_be_unknown, WentWell) {
  found.erase("run-1");
  submissions[1].run.clear();
  BOOST_TEST(checked().violations.empty());
}

BOOST_FIXTURE_TEST_CASE(a_step_that_is_not_idempotent_may_not_be_done_twice, WentWell) {
  marks.push_back("key-0 b");
  violates("step b is not idempotent, and was done 2 times");
}

BOOST_FIXTURE_TEST_CASE(nor_may_it_when_its_submit_was_never_acknowledged, WentWell) {
  submissions[0].run.clear();
  marks.push_back("key-0 b");
  violates("step b is not idempotent, and was done 2 times");
}

BOOST_FIXTURE_TEST_CASE(an_idempotent_step_may, WentWell) {
  marks.push_back("key-1 each/2");
  BOOST_TEST(checked().violations.empty());
}

BOOST_FIXTURE_TEST_CASE(a_run_that_succeeded_has_done_all_its_steps, WentWell) {
  std::erase(marks, "key-1 each/2");
  violates("succeeded, but its step each/2 was never done");
}

BOOST_FIXTURE_TEST_CASE(a_run_that_waits_names_what_it_waits_for, WentWell) {
  found["run-0"] = {"awaiting_operator", {}, {"b"}};
  std::erase(marks, "key-0 c");
  BOOST_TEST(checked().violations.empty());
  BOOST_TEST(checked().wait.at("run-0").front() == "b");
  found["run-0"].waits_for.clear();
  violates("names nothing that it waits for");
}

BOOST_FIXTURE_TEST_CASE(a_run_that_goes_on_for_ever_or_fails_is_told, WentWell) {
  found["run-2"].status = "running";
  violates("run-2 is running, and does not end");
  found["run-2"] = {"failed", "no reason", {}};
  violates("run-2 failed, though no step of it can: no reason");
}

BOOST_FIXTURE_TEST_CASE(every_plan_of_the_workload_can_be_read, WentWell) {
  for (std::size_t shape = 0; shape < plan_shapes(); ++shape)
    BOOST_TEST(!plan_of(shape, "key", "/a file").steps.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
