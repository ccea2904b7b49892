#include "sim/campaign/trial.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "actors/roles/catalogue.hpp"
#include "persistence/recording_file.hpp"
#include "persistence/replay.hpp"
#include "sim/campaign/finding.hpp"
#include "sim/campaign/recordings.hpp"
#include "sim/scenario/judge.hpp"
#include "sim/scenario/script.hpp"
#include "tests/private_directory.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(trial)

using namespace std::chrono_literals;

Fault fault_of(const std::string& line) { return parse_fault(line).value(); }

/// One queen, one worker, two seconds.
TrialSetup small(std::uint64_t seed, const std::vector<std::string>& faults = {}) {
  TrialSetup setup;
  setup.options.seed = seed;
  setup.options.workers = 1;
  setup.options.exit_proof = false;
  setup.phases = {2s, {}, 1s};
  for (const auto& line : faults) setup.faults.push_back(fault_of(line));
  return setup;
}

/// Finds it wrong that the worker's process ever ends.
class EndWatcher : public Watcher {
 public:
  void ended(const Ended& end) override {
    if (end.node == NodeId{2}) violations_.push_back({end.at, "X1", "the worker ended", {}, {{2}}});
  }
  void begin(Part part, const World&) override { parts.push_back(part); }
  const std::vector<Violation>& violations() const override { return violations_; }

  std::vector<Part> parts;

 private:
  std::vector<Violation> violations_;
};

TrialSetup watched(std::uint64_t seed, const std::vector<std::string>& faults) {
  auto setup = small(seed, faults);
  setup.watchers = [] {
    std::vector<std::unique_ptr<Watcher>> watchers;
    watchers.push_back(std::make_unique<EndWatcher>());
    return watchers;
  };
  return setup;
}

std::vector<Violation> judged(const std::string& text) {
  const auto scenario = parse_scenario(text, "f").value();
  TrialSetup setup;
  setup.options = scenario.options;
  setup.phases = {scenario.end, {}, {}};
  setup.faults = scenario.faults;
  setup.doings = doings_of(scenario);
  setup.watchers = [&] {
    std::vector<std::unique_ptr<Watcher>> watchers;
    watchers.push_back(std::make_unique<Judge>(scenario));
    return watchers;
  };
  return Trial(std::move(setup)).run().violations;
}

BOOST_AUTO_TEST_CASE(the_same_setup_gives_the_same_hash_and_another_fault_another) {
  const auto hash = [](const TrialSetup& setup) { return Trial(setup).run().hash; };
  const std::vector<std::string> crash{"at 500ms for 100ms crash 1 kept=300"};
  BOOST_TEST(hash(small(3, crash)) == hash(small(3, crash)));
  BOOST_TEST(hash(small(3, crash)) != hash(small(3)));
  BOOST_TEST(hash(small(3)) != hash(small(4)));
}

BOOST_AUTO_TEST_CASE(a_node_is_down_as_long_as_a_fault_says_and_starts_again) {
  TrialSetup setup = small(1, {"at 500ms for 300ms crash 1", "at 700ms for 300ms crash 1"});
  std::map<Duration, bool> up;
  for (const Duration at : {490ms, 510ms, 810ms, 990ms, 1010ms})
    setup.doings.push_back({at, [&up, at](World& world) {
                              up[at] = world.is_up({1});
                              return std::string();
                            }});
  BOOST_TEST(Trial(setup).run().violations.empty());
  BOOST_TEST(
      (up == std::map<Duration, bool>{
                 {490ms, true}, {510ms, false}, {810ms, false}, {990ms, false}, {1010ms, true}}));
}

BOOST_AUTO_TEST_CASE(a_node_whose_sync_failed_starts_again_when_the_fault_is_over) {
  TrialSetup setup = small(1, {"at 500ms for 600ms failed-sync 1"});
  std::map<Duration, bool> up;
  for (const Duration at : {1090ms, 1110ms})
    setup.doings.push_back({at, [&up, at](World& world) {
                              up[at] = world.is_up({1});
                              return std::string();
                            }});
  BOOST_TEST(Trial(setup).run().violations.empty());
  BOOST_TEST((up == std::map<Duration, bool>{{1090ms, false}, {1110ms, true}}));
}

BOOST_AUTO_TEST_CASE(every_kind_of_fault_can_be_done_to_a_world) {
  for (const auto& trait : fault_traits()) {
    TrialSetup setup = small(5);
    setup.options.queens = 3;
    Fault fault{
        500ms, trait.lasts ? Duration{300ms} : Duration{}, trait.kind, {}, trait.amount.usual};
    for (std::uint16_t node = 1; node <= trait.nodes.least; ++node) fault.nodes.push_back({node});
    setup.faults = {fault};
    const auto result = Trial(setup).run();
    BOOST_TEST(result.violations.empty(),
               trait.name << ": " << (result.violations.empty() ? "" : result.violations[0].what));
    BOOST_TEST((result.simulated == 3s), trait.name);
  }
}

BOOST_AUTO_TEST_CASE(a_violation_ends_the_trial) {
  const auto result = Trial(watched(1, {"at 1s crash 2"})).run();
  BOOST_REQUIRE(result.violations.size() == 1U);
  BOOST_TEST(result.violations[0].invariant == "X1");
  BOOST_TEST((result.simulated >= 1s && result.simulated < 1100ms));
}

BOOST_AUTO_TEST_CASE(a_violation_is_told_with_the_fewest_faults_and_the_last_turns_before_it) {
  SeedChecks checks;
  checks.setup = [](std::uint64_t seed) {
    return watched(seed, {"at 300ms for 200ms pause 1", "at 400ms for 100ms loss",
                          "at 800ms for 400ms crash 1,2", "at 1s for 300ms slow-sync 1"});
  };
  const auto failed = check_seed(9, checks);
  const auto finding = explained(failed, checks);
  BOOST_TEST(finding.violation.invariant == "X1");
  BOOST_TEST((finding.after == 800ms));
  BOOST_TEST((finding.search == Search::done && finding.drawn == 4U));
  BOOST_REQUIRE(finding.faults.size() == 1U);
  BOOST_TEST((finding.faults[0].kind == FaultKind::crash));
  BOOST_TEST((finding.faults[0].nodes == std::vector<NodeId>{{2}}));
  BOOST_REQUIRE(!finding.trace.empty());
  BOOST_TEST(finding.trace.back().find("node 2  ended: crashed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(whether_fewer_faults_show_it_is_told_as_far_as_it_was_tried) {
  std::atomic<bool> interrupted{false};
  SeedChecks checks;
  checks.interrupted = &interrupted;
  checks.setup = [](std::uint64_t seed) {
    return watched(seed, {"at 300ms for 200ms pause 1", "at 800ms for 400ms crash 2"});
  };
  const auto failed = check_seed(9, checks);
  const auto untried = explained(failed, checks, 0);
  BOOST_TEST((untried.search == Search::not_made && untried.faults.size() == 2U));
  BOOST_TEST(!untried.trace.empty());
  BOOST_TEST((explained(failed, checks, 1).search == Search::stopped));
  interrupted = true;
  const auto given_up = explained(failed, checks);
  BOOST_TEST((given_up.search == Search::stopped && given_up.trace.empty()));
  BOOST_TEST((given_up.faults.size() == 2U && given_up.after == 800ms));
}

BOOST_AUTO_TEST_CASE(an_interrupted_trial_ends_at_once_and_is_neither_judged_nor_counted) {
  std::atomic<bool> interrupted{false};
  auto setup = watched(1, {"at 1s crash 2"});
  setup.interrupted = &interrupted;
  setup.doings.push_back({500ms, [&](World&) {
                            interrupted = true;
                            return std::string("stop");
                          }});
  const auto result = Trial(setup).run();
  BOOST_TEST((result.interrupted && result.violations.empty() && result.simulated < 510ms));
  BOOST_TEST((result.told == std::vector<std::string>{"stop"}));

  interrupted = false;
  SeedChecks checks;
  checks.interrupted = &interrupted;
  checks.setup = [&](std::uint64_t) { return setup; };
  Totals totals;
  totals.add(check_seed(1, checks));
  BOOST_TEST((totals.seeds == 0U && totals.unfinished == 1U && totals.hash == 0U));
  BOOST_TEST((totals.turns > 0U && totals.replayed == 0U && totals.repeated == 0U));
}

BOOST_AUTO_TEST_CASE(a_replay_that_is_interrupted_says_so) {
  Trial trial(small(2));
  trial.run();
  const std::atomic<bool> interrupted{true};
  const auto replayed = replay(trial.world(), {}, &interrupted);
  BOOST_TEST((replayed.interrupted && replayed.problem.empty()));
  BOOST_TEST(!replay(trial.world(), {}, nullptr).interrupted);
}

BOOST_AUTO_TEST_CASE(a_sound_seed_is_repeated_and_replayed) {
  SeedChecks checks;
  checks.setup = [](std::uint64_t seed) {
    return small(seed, {"at 500ms for 100ms crash 1,2", "at 900ms for 50ms torn-block 2"});
  };
  const auto result = check_seed(2, checks);
  BOOST_TEST((result.repeated && result.replayed && result.trial.violations.empty()));
  BOOST_TEST(result.trial.turns > 50U);
}

BOOST_AUTO_TEST_CASE(saved_recordings_replay_identical) {
  const PrivateDirectory directory;
  Trial trial(small(6));
  trial.run();
  BOOST_REQUIRE(save_recordings(trial.world(), directory.path() / "all", {}));
  BOOST_TEST(!save_recordings(trial.world(), directory.path() / "all", {}));
  const auto opened = persistence::open_recording(directory.path() / "all" / "node-1");
  BOOST_REQUIRE(opened);
  const roles::RoleCatalogue catalogue(roles::embedded_supervision());
  persistence::Replay replay(catalogue, *opened.value().recording);
  BOOST_TEST(static_cast<bool>(replay.run({})));
  BOOST_TEST((replay.inputs() > 20U && !replay.divergence()));
}

BOOST_AUTO_TEST_CASE(recordings_are_saved_whole_or_not_at_all) {
  const PrivateDirectory directory;
  const auto place = directory.path() / "all";
  const auto beside = directory.path() / "all.unfinished";
  Trial trial(small(6));
  trial.run();
  std::filesystem::create_directories(beside / "node-1");  // left by one that was killed
  BOOST_REQUIRE(save_recordings(trial.world(), place / "", {}));
  BOOST_TEST(!std::filesystem::exists(beside));
  BOOST_TEST(std::filesystem::exists(place / "node-2"));
  BOOST_TEST(problem_of(place) == place.string() + " is there already");
  BOOST_TEST(problem_of("") == "the name of a directory is missing");

  const auto no_directory = directory.path() / "file" / "all";
  std::ofstream(directory.path() / "file") << "in the way";
  BOOST_TEST(!save_recordings(trial.world(), no_directory, {}));
  BOOST_TEST(!std::filesystem::exists(no_directory));
}

BOOST_AUTO_TEST_CASE(a_recording_says_which_rules_were_switched_off) {
  const PrivateDirectory directory;
  const auto noted = [&](const char* name, const election::Rules& rules) {
    auto setup = small(6);
    setup.options.rules = rules;
    Trial trial(setup);
    trial.run();
    BOOST_REQUIRE(save_recordings(trial.world(), directory.path() / name, rules));
    const auto opened = persistence::open_recording(directory.path() / name / "node-1");
    BOOST_REQUIRE(opened);
    return opened.value().recording->metadata(broken_rules).value_or("none");
  };
  election::Rules rules;
  BOOST_TEST(noted("sound", rules) == "none");
  rules.set_broken(election::Rule::leases);
  rules.set_broken(election::Rule::probes);
  BOOST_TEST(noted("broken", rules) == "leases probes");
}

BOOST_AUTO_TEST_CASE(a_scenario_can_have_a_queen_explain_a_circuit) {
  const auto scenario = parse_scenario(
                            "queens 3\nworkers 1\nat 400ms explain circuit 0 at queen 1\n"
                            "at 500ms for 1s split 1\nat 1s explain circuit 0 at queen 1\n"
                            "at 1s for 1s crash 2\nat 1.5s explain circuit 0 at queen 2\n"
                            "expect no root of run 9 by 2s\nruns-at-once 1",
                            "f")
                            .value();
  TrialSetup setup;
  setup.options = scenario.options;
  setup.phases = {scenario.end, {}, {}};
  setup.faults = scenario.faults;
  setup.doings = doings_of(scenario);
  const auto told = Trial(std::move(setup)).run().told;
  BOOST_REQUIRE(told.size() == 3U);
  BOOST_TEST(told[0].starts_with("at 400ms: circuit 0, as queen 1 sees it\nroot: queen"));
  BOOST_TEST(told[0].ends_with("queen 1 is not degraded: a majority supports her\n"));
  BOOST_TEST(told[1].ends_with(
      "queen 1 is degraded: no majority supports her, so she takes nothing new\n"));
  BOOST_TEST(told[2] == "at 1500ms: queen 2 is down, or stands still, and explains nothing\n");
}

BOOST_AUTO_TEST_CASE(what_a_scenario_expects_and_what_is_not_so_is_told_with_its_line) {
  const std::string hive =
      "queens 1\nworkers 1\nat 400ms for 500ms pause 2\nat 500ms submit run 1 at queen 1\n";
  BOOST_TEST(judged(hive + "expect run 1 ends succeeded by 3s\n"
                           "expect a root of run 1 between 600ms and 650ms\n")
                 .empty());
  const auto wrong = judged(hive + "expect run 1 ends cancelled by 3s");
  BOOST_REQUIRE(wrong.size() == 1U);
  BOOST_TEST(wrong[0].what == "f:5: expect run 1 ends cancelled by 3s: it is succeeded");
  const auto never_held = judged(hive + "expect refused draining between 1s and 2s");
  BOOST_REQUIRE(never_held.size() == 1U);
  BOOST_TEST(never_held[0].what ==
             "f:5: expect refused draining between 1s and 2s: nobody was; "
             "the last refusal: none");
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_ends_cancelled) {
  BOOST_TEST(judged("queens 1\nworkers 1\nat 500ms submit run 1 at queen 1\n"
                    "at 400ms for 1s pause 2\nat 1s cancel run 1 at queen 1\n"
                    "expect run 1 ends cancelled by 5s")
                 .empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
