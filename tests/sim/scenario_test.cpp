#include "sim/scenario/scenario.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(scenario)

using namespace std::chrono_literals;

Scenario parsed(const std::string& text) {
  auto scenario = parse_scenario(text, "f");
  BOOST_REQUIRE_MESSAGE(scenario, (scenario ? "" : scenario.reason()));
  return std::move(scenario).value();
}

/// Of a scenario that is sound but for this line.
std::string wrong_in(const std::string& line) {
  const auto scenario = parse_scenario("queens 3\nexpect all runs succeed by 1s\n" + line, "f");
  return scenario ? "nothing" : scenario.reason();
}

BOOST_AUTO_TEST_CASE(a_scenario_is_a_hive_a_timeline_and_what_must_hold) {
  const auto scenario = parsed(R"(# Root lost.
queens 5
workers 3
seed 77
delay 2ms      # one way
reads yes
end 9s
break leases

at 1s for 500ms crash 1
at 2s submit run 2 at queen 3
at 1.5s submit 40 runs at queen 2
at 3s cancel run 2 at queen 1
at 3s cancel run=7
at 4s stop clients
expect root of run 1 is queen 2 by 1.5s
expect 30 roots of queen 1 at 1s moved by 2s
expect no root of run 1 between 1s and 1.1s
)");
  BOOST_TEST((scenario.options.queens == 5U && scenario.options.workers == 3U));
  BOOST_TEST((scenario.options.seed == 77U && scenario.options.delay == 2ms));
  BOOST_TEST((scenario.options.reads && scenario.end == 9s));
  BOOST_TEST((scenario.broken == std::vector<std::string>{"leases"}));
  BOOST_TEST((scenario.faults == std::vector<Fault>{{1s, 500ms, FaultKind::crash, {{1}}, 500},
                                                    {3s, 0s, FaultKind::cancel, {}, 7}}));
  BOOST_REQUIRE(scenario.actions.size() == 4U);
  BOOST_TEST((scenario.actions[0].at == 1500ms && scenario.actions[0].count == 40));
  BOOST_TEST((scenario.actions[1].run == CircuitId{2} && scenario.actions[1].queen == NodeId{3}));
  BOOST_TEST((scenario.actions[2].kind == Action::Kind::cancel));
  BOOST_TEST((scenario.actions[3].kind == Action::Kind::stop_clients));
  BOOST_REQUIRE(scenario.expectations.size() == 3U);
  const auto& [root, moved, none] =
      std::tie(scenario.expectations[0], scenario.expectations[1], scenario.expectations[2]);
  BOOST_TEST((root.kind == Expectation::Kind::root_is && root.queen == NodeId{2}));
  BOOST_TEST((root.from == 1500ms && root.to == 1500ms && root.line == 16U));
  BOOST_TEST((moved.count == 30 && moved.since == 1s && moved.to == 2s));
  BOOST_TEST((none.from == 1s && none.to == 1100ms));
  BOOST_TEST(none.text == "expect no root of run 1 between 1s and 1.1s");
}

BOOST_AUTO_TEST_CASE(a_scenario_ends_a_second_after_the_last_that_it_says) {
  BOOST_TEST((parsed("expect all runs succeed by 1s\nat 5s for 2s loss").end == 8s));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_its_line_and_what_was_meant) {
  BOOST_TEST(wrong_in("quens 5") ==
             "f:3: a line does not begin with 'quens'; did you mean 'queens'?");
  BOOST_TEST(wrong_in("queens 17") == "f:3: queens takes a number from 1 to 16");
  BOOST_TEST(wrong_in("queens") == "f:3: queens takes a number from 1 to 16");
  BOOST_TEST(wrong_in("delay 3") == "f:3: delay takes a time, as 300ms or 1.5s, of at least 1us");
  BOOST_TEST(wrong_in("reads maybe") == "f:3: reads takes yes or no");
  BOOST_TEST(wrong_in("at 1s crush 1") == "f:3: there is no fault 'crush'; did you mean 'crash'?");
  BOOST_TEST(wrong_in("at 1s crash 9") ==
             "f:3: crash: there is no node 9; queens are 1 to 3, workers follow, up to 5");
  BOOST_TEST(wrong_in("at 1s submit run 1 at queen 4") ==
             "f:3: there is no queen 4; the hive has 3");
  BOOST_TEST(wrong_in("at 1s submit run one at queen 1") ==
             "f:3: 'one' is no number: write 'submit run RUN at queen QUEEN'");
  BOOST_TEST(wrong_in("at 1s submit run 1 at quen 1") ==
             "f:3: 'quen' fits nothing here; did you mean 'queen'?");
  BOOST_TEST(wrong_in("at 1s submit run 1") ==
             "f:3: 'at' is missing: write 'submit run RUN at queen QUEEN'");
  BOOST_TEST(wrong_in("at 1s stop clients now") == "f:3: 'now' is too much here");
  BOOST_TEST(wrong_in("expect") == "f:3: expect what? As in 'expect a root of run 1 by 2s'");
  BOOST_TEST(wrong_in("expect root of run 1 is queen 2") ==
             "f:3: when? Add 'by TIME', 'at TIME' or 'between TIME and TIME'");
  BOOST_TEST(wrong_in("expect root of ran 1 is queen 2 by 1s") ==
             "f:3: 'ran' fits nothing here; did you mean 'run'?");
  BOOST_TEST(wrong_in("expect all runs end between 2s and 1s") ==
             "f:3: the time ends before it begins");
  BOOST_TEST(wrong_in("expect a root of run 1 by soon") ==
             "f:3: 'soon' is no time; write 300ms or 1.5s: write 'by TIME'");
  BOOST_TEST(wrong_in("end 1ms").starts_with("f:2: the scenario ends before this"));
  BOOST_TEST(parse_scenario("queens 3\n", "f").reason() ==
             "f:2: nothing is expected: it could never fail");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_in_this_hive_or_in_its_life_is_said) {
  BOOST_TEST(wrong_in("queens 4") == "f:3: 'queens' is said already, in line 1");
  BOOST_TEST(wrong_in("break leases\nbreak probes") == "nothing");
  BOOST_TEST(wrong_in("break leases\nbreak leases") == "f:4: 'break' is said already, in line 3");
  BOOST_TEST(wrong_in("break leasers") ==
             "f:3: break takes a rule, as 'queenright sim --break list' names them");
  BOOST_TEST(wrong_in("delay 0s") == "f:3: delay takes a time, as 300ms or 1.5s, of at least 1us");
  BOOST_TEST(wrong_in("end 2s\nat 2s crash 1") == "f:4: the scenario ends before this, at 2s");
  BOOST_TEST(wrong_in("end 2s\nat 3s stop clients") == "f:4: the scenario ends before this, at 2s");
  BOOST_TEST(wrong_in("expect a root of run 1 by 1s") ==
             "f:3: there is no run 1; the timeline submits 0");
  BOOST_TEST(wrong_in("runs-at-once 1\nexpect a root of run 9 by 1s") == "nothing");
  BOOST_TEST(wrong_in("at 1s cancel run=1") == "f:3: there is no run 1; the timeline submits 0");
  BOOST_TEST(wrong_in("at 1s cancel run 0 at queen 1") == "f:3: the first run is 1");
  BOOST_TEST(wrong_in("expect a root of run 0 by 1s") == "nothing");
  BOOST_TEST(wrong_in("expect 1 roots of queen 1 at 2s moved by 1s") ==
             "f:3: the time ends before it begins");
  BOOST_TEST(wrong_in("at 1s explain circuit 0 at queen 4") ==
             "f:3: there is no queen 4; the hive has 3");
}

BOOST_AUTO_TEST_CASE(what_would_not_end_in_minutes_is_refused_with_the_bound) {
  BOOST_TEST(wrong_in("at 1s submit 10000 runs at queen 1") == "nothing");
  BOOST_TEST(wrong_in("at 1s submit 9000 runs at queen 1\nat 2s submit 1001 runs at queen 1") ==
             "f:4: by this line 10001 runs are submitted; at most 10000 can be");
  BOOST_TEST(wrong_in("clients 101\nruns-at-once 100") ==
             "f:4: clients times runs-at-once are 10100; at most 10000 runs can be open at once");
  BOOST_TEST(wrong_in("at 2h crash 1") == "f:3: a scenario lasts 3600s at most");
  BOOST_TEST(wrong_in("at 1s for 2h crash 1") == "f:3: a scenario lasts 3600s at most");
  BOOST_TEST(wrong_in("expect all runs end by 61m") == "f:3: a scenario lasts 3600s at most");
}

BOOST_AUTO_TEST_CASE(a_fault_that_lasts_to_the_end_is_noted) {
  const auto notes = [](const std::string& line) {
    return parsed("queens 3\n" + line + "\nexpect all runs succeed by 3s").notes;
  };
  BOOST_TEST((notes("at 1s crash 1") ==
              std::vector<std::string>{
                  "f:2: crash has no 'for': it lasts to the end, and nothing heals it"}));
  BOOST_TEST(notes("at 1s for 1s crash 1").empty());
  BOOST_TEST(notes("at 1s wall-jump 1").empty());
}

BOOST_AUTO_TEST_CASE(all_that_is_wrong_is_said_at_once) {
  const auto scenario = parse_scenario("quens 5\nworkers x\nexpect all runs succeed by 1s\n", "f");
  BOOST_TEST(scenario.reason() ==
             "f:1: a line does not begin with 'quens'; did you mean 'queens'?\n"
             "f:2: workers takes a number from 0 to 100");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
  BOOST_TEST(read_scenario("no/such.txt").reason() == "there is no scenario no/such.txt");
  BOOST_TEST(read_scenario("tests/scenarios").reason() ==
             "tests/scenarios is a directory; name the files in it");
}

BOOST_AUTO_TEST_CASE(every_scenario_that_we_have_can_be_read_and_could_fail) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/scenarios")) {
    if (entry.path().extension() != ".txt") continue;
    ++count;
    const auto read = read_scenario(entry.path());
    BOOST_TEST(static_cast<bool>(read), (read ? "" : read.reason()));
  }
  BOOST_TEST(count >= 25U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
