#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/actors/edges/children.hpp"

// The node dies, or its runner does.
using namespace queenright;
using namespace queenright::edges::test;
using messages::AttemptEnd;
using messages::AttemptId;

namespace {
BOOST_AUTO_TEST_SUITE(death)

/// A node with a child, a grandchild, a stubborn one and a daemon, for ever.
[[noreturn]] void be_a_node(const std::filesystem::path& scratch) {
  auto runner = edges::ChildRunner::start(scratch).value();
  Mailbox mailbox;
  runner->attach(mailbox, messages::worker_role());
  std::uint32_t task = 0;
  for (const char* text :
       {"echo $$ > child; exec sleep 600", "sleep 600 & echo $! > grandchild; wait",
        "trap '' TERM HUP INT; echo $$ > stubborn; while :; do sleep 1; done",
        "setsid sh -c 'echo $$ > session; exec sleep 600'",
        "setsid sh -c 'sh -c \"echo \\$\\$ > daemon; exec sleep 600\" & exit'"})
    runner->spawn({1}, {}, {AttemptId{{1}, {++task}, {1}}, script(text)});
  std::ofstream(scratch / "runner.part") << runner->runner_process() << "\n";
  std::filesystem::rename(scratch / "runner.part", scratch / "runner");
  for (;;) ::pause();
}

BOOST_AUTO_TEST_CASE(when_the_node_is_killed_every_descendant_ends) {
  const PrivateDirectory directory;
  const pid_t node = ::fork();
  if (node == 0) be_a_node(directory.path());
  std::vector<pid_t> processes{process_in(directory.path() / "runner")};
  for (const char* name : {"child", "grandchild", "stubborn", "session", "daemon"})
    processes.push_back(process_in(directory.path() / "1" / name));
  for (const pid_t process : processes) BOOST_TEST(is_running(process));
  ::kill(node, SIGKILL);
  ::waitpid(node, nullptr, 0);
  for (const pid_t process : processes) BOOST_TEST(ends(process));
}

BOOST_AUTO_TEST_CASE(a_new_node_starts_nothing_before_the_children_of_the_dead_one_are_gone) {
  const PrivateDirectory directory;
  const pid_t node = ::fork();
  if (node == 0) be_a_node(directory.path());
  std::string check;
  for (const char* name : {"child", "grandchild", "stubborn", "session", "daemon"})
    check += "kill -0 " + std::to_string(process_in(directory.path() / "1" / name)) +
             " 2> /dev/null && echo " + name + " lives; ";
  ::kill(node, SIGKILL);
  auto runner = edges::ChildRunner::start(directory.path()).value();
  Mailbox mailbox;
  runner->attach(mailbox, messages::worker_role());
  const AttemptId second{{1}, {1}, {2}};
  runner->spawn({1}, {}, {second, script(check)});
  BOOST_TEST(text_of(mailbox.wait_for(second).exited.outcome) == "");
  ::waitpid(node, nullptr, 0);
}

BOOST_FIXTURE_TEST_CASE(the_runner_ignores_what_a_terminal_and_a_service_manager_send, Children) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
    ::kill(runner().runner_process(), signal);
  BOOST_TEST(shell("exit 5").exit_code == 5);
  BOOST_TEST(::getsid(runner().runner_process()) == runner().runner_process());
}

BOOST_FIXTURE_TEST_CASE(when_the_runner_dies_open_attempts_are_unknown_and_new_ones_refused,
                        Children) {
  const auto open = spawn(script("sleep 600 & echo $! > grandchild; echo $$ > child; wait"));
  const pid_t child = process_in(scratch() / "child");
  const pid_t grandchild = process_in(scratch() / "grandchild");
  ::kill(runner().runner_process(), SIGKILL);
  const auto outcome = wait_for(open);
  BOOST_TEST(static_cast<int>(outcome.end) == static_cast<int>(AttemptEnd::unknown));
  BOOST_TEST(outcome.reason == "the runner process of this node was ended by signal 9");
  BOOST_TEST(ends(child));
  BOOST_TEST(ends(grandchild));

  const auto late = shell("exit 0");
  BOOST_TEST(static_cast<int>(late.end) == static_cast<int>(AttemptEnd::not_started));
  BOOST_TEST(late.reason == "the runner process of this node has died; start the node again");
  runner().end({open, true});
  runner().sweep({{1}});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
