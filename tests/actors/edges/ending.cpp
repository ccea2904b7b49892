#include <signal.h>

#include <boost/test/unit_test.hpp>

#include "actors/edges/process_table.hpp"
#include "tests/actors/edges/children.hpp"

// How children end, and that nothing is left of them.
using namespace queenright;
using namespace queenright::edges::test;
using messages::AttemptEnd;
using messages::AttemptId;

namespace {

/// A process that has left its group and session, and its parent too.
const std::string daemon_script =
    "setsid sh -c 'sh -c \"echo \\$\\$ > daemon; exec sleep 600\" & exit' </dev/null >/dev/null "
    "2>&1";

void signalled(const messages::AttemptOutcome& outcome, int signal) {
  BOOST_TEST(static_cast<int>(outcome.end) == static_cast<int>(AttemptEnd::signalled));
  BOOST_TEST(outcome.signal == signal);
}

bool has_no_children(pid_t process) {
  for (const auto& other : edges::running_processes())
    if (other.parent == process) return false;
  return true;
}

BOOST_FIXTURE_TEST_SUITE(ending, Children)

BOOST_AUTO_TEST_CASE(exit_codes_and_signals_are_told) {
  for (const int code : {0, 1, 127, 255})
    BOOST_TEST(shell("exit " + std::to_string(code)).exit_code == code);
  signalled(shell("kill -SEGV $$"), SIGSEGV);
  signalled(shell("kill -KILL $$"), SIGKILL);
}

BOOST_AUTO_TEST_CASE(end_terminates_the_whole_group) {
  const auto attempt = spawn(script("sleep 600 & echo $! > process; wait"));
  const pid_t grandchild = process_in(scratch() / "process");
  runner().end({attempt, false});
  signalled(wait_for(attempt), SIGTERM);
  BOOST_TEST(ends(grandchild));
}

BOOST_AUTO_TEST_CASE(a_child_that_ignores_term_is_ended_with_force) {
  const auto attempt =
      spawn(script("trap 'touch told' TERM; echo $$ > process; while :; do sleep 0.01; done"));
  const pid_t child = process_in(scratch() / "process");
  runner().end({attempt, false});
  BOOST_TEST(eventually([&] { return std::filesystem::exists(scratch() / "told"); }));
  BOOST_TEST(is_running(child));
  runner().end({attempt, true});
  signalled(wait_for(attempt), SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_stopped_child_can_be_told_to_end) {
  const auto attempt = spawn(script("echo $$ > process; kill -STOP $$; sleep 600"));
  process_in(scratch() / "process");
  runner().end({attempt, false});
  signalled(wait_for(attempt), SIGTERM);
}

BOOST_AUTO_TEST_CASE(ending_an_attempt_that_is_over_changes_nothing) {
  runner().end({AttemptId{{1}, {99}, {1}}, true});
  BOOST_TEST(shell("exit 4").exit_code == 4);
}

BOOST_AUTO_TEST_CASE(a_child_that_closes_its_streams_is_waited_for) {
  const auto attempt = spawn(script("exec >&- 2>&-; echo $$ > process; exec sleep 600"));
  process_in(scratch() / "process");
  BOOST_TEST(mailbox().letters().empty());
  runner().end({attempt, true});
  signalled(wait_for(attempt), SIGKILL);

  const auto other = spawn(script("exec >&- 2>&-; mkfifo gate; read line < gate; exit 7"));
  BOOST_TEST(eventually([&] { return std::filesystem::exists(scratch() / "gate"); }));
  BOOST_TEST(shell("echo go > gate").exit_code == 0);
  BOOST_TEST(wait_for(other).exit_code == 7);
}

BOOST_AUTO_TEST_CASE(the_rest_of_the_group_ends_with_the_child) {
  const auto outcome = shell("sleep 600 & echo $!");
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(ends(std::stoi(text_of(outcome))));
}

BOOST_AUTO_TEST_CASE(a_process_that_got_away_does_not_hold_up_the_exit) {
  const auto outcome = shell(
      "setsid sh -c 'touch away; exec yes' & until [ -e away ]; do sleep 0.01; done; echo started");
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.output_size >= 8U);
  runner().sweep({{1}});
  BOOST_TEST(eventually([&] { return has_no_children(runner().runner_process()); }));
}

BOOST_AUTO_TEST_CASE(a_daemon_lives_until_its_circuit_is_swept) {
  BOOST_TEST(shell(daemon_script).exit_code == 0);
  const pid_t daemon = process_in(scratch() / "daemon");
  BOOST_TEST(shell("exit 0").exit_code == 0);
  BOOST_TEST(is_running(daemon));
  runner().sweep({{1}});
  BOOST_TEST(ends(daemon));
  BOOST_TEST(eventually([&] { return !std::filesystem::exists(scratch()); }));
}

BOOST_AUTO_TEST_CASE(a_sweep_spares_the_daemon_of_a_run_that_goes_on) {
  const auto other = spawn(script("echo $$ > process; exec sleep 600"), 2);
  process_in(scratch(2) / "process");
  BOOST_TEST(wait_for(spawn(script(daemon_script), 1)).exit_code == 0);
  const pid_t daemon = process_in(scratch(1) / "daemon");
  runner().sweep({{2}});
  signalled(wait_for(other), SIGKILL);
  BOOST_TEST(eventually([&] { return !std::filesystem::exists(scratch(2)); }));
  BOOST_TEST(is_running(daemon));
  runner().sweep({{1}});
  BOOST_TEST(ends(daemon));
}

BOOST_AUTO_TEST_CASE(a_run_that_began_later_does_not_keep_a_daemon) {
  BOOST_TEST(wait_for(spawn(script(daemon_script), 1)).exit_code == 0);
  const pid_t daemon = process_in(scratch(1) / "daemon");
  const auto daemon_is_there = edges::ticks_since_boot();
  BOOST_TEST(eventually([&] { return edges::ticks_since_boot() > daemon_is_there; }));
  const auto later = spawn(script("echo $$ > process; exec sleep 600"), 2);
  const pid_t child = process_in(scratch(2) / "process");
  runner().sweep({{1}});
  BOOST_TEST(ends(daemon));
  BOOST_TEST(is_running(child));
  runner().end({later, true});
  signalled(wait_for(later), SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_sweep_does_not_follow_links_out_of_the_scratch) {
  const PrivateDirectory elsewhere;
  std::filesystem::create_directory(elsewhere.path() / "precious");
  BOOST_TEST(shell("ln -s " + elsewhere.path().string() + " link; mkdir -p a/b/c").exit_code == 0);
  runner().sweep({{1}});
  BOOST_TEST(eventually([&] { return !std::filesystem::exists(scratch()); }));
  BOOST_TEST(std::filesystem::exists(elsewhere.path() / "precious"));
}

BOOST_AUTO_TEST_CASE(no_zombie_is_left) {
  for (int i = 0; i < 5; ++i) shell("(sleep 0 &) ; sleep 600 & exit 0");
  BOOST_TEST(eventually([&] { return has_no_children(runner().runner_process()); }));
}

BOOST_AUTO_TEST_CASE(nothing_outlives_the_runner) {
  spawn(script("trap '' TERM INT HUP; echo $$ > process; while :; do sleep 1; done"));
  BOOST_TEST(shell(daemon_script).exit_code == 0);
  const pid_t child = process_in(scratch() / "process");
  const pid_t daemon = process_in(scratch() / "daemon");
  const pid_t runner_process = runner().runner_process();
  stop();
  BOOST_TEST(!is_running(child));
  BOOST_TEST(!is_running(daemon));
  BOOST_TEST(!is_running(runner_process));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
