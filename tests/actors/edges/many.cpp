#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include "actors/edges/frame_socket.hpp"
#include "tests/actors/edges/children.hpp"

// Many children, and large requests.
using namespace queenright;
using namespace queenright::edges::test;
using messages::AttemptEnd;
using messages::AttemptId;
using messages::Exec;

namespace {
BOOST_AUTO_TEST_SUITE(many)

/// Allows this process, and a runner that it starts, few open files.
class FewFiles {
 public:
  explicit FewFiles(rlim_t count) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit fewer{count, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &fewer);
  }
  ~FewFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewFiles(const FewFiles&) = delete;
  FewFiles& operator=(const FewFiles&) = delete;

 private:
  rlimit before_{};
};

struct ChildrenWithFewFiles : FewFiles, Children {
  ChildrenWithFewFiles() : FewFiles(256) {}
};

BOOST_FIXTURE_TEST_CASE(ten_thousand_quick_children_all_come_back, Children) {
  constexpr std::size_t all = 10'000;
  constexpr std::size_t at_once = 32;
  Exec exec;
  exec.argv = {"/bin/true"};
  for (std::size_t i = 0; i < all; ++i) {
    if (i >= at_once) mailbox().wait_for_count(i - at_once + 1);
    spawn(exec);
  }
  mailbox().wait_for_count(all);
  BOOST_TEST(mailbox().letters().size() == all);
  for (const auto& [attempt, letter] : mailbox().letters())
    if (letter.exited.outcome.end != AttemptEnd::exited || letter.exited.outcome.exit_code != 0)
      BOOST_ERROR("task " << attempt.task.value << ": " << letter.exited.outcome.reason);
}

BOOST_FIXTURE_TEST_CASE(too_many_at_once_are_refused_and_the_runner_lives, ChildrenWithFewFiles) {
  constexpr std::size_t all = 200;
  std::vector<AttemptId> attempts;
  for (std::size_t i = 0; i < all; ++i) attempts.push_back(spawn(script("exec sleep 600")));
  const auto last = wait_for(attempts.back());
  BOOST_TEST(static_cast<int>(last.end) == static_cast<int>(AttemptEnd::not_started));
  BOOST_TEST(last.reason.starts_with("too many open files: 74 children run already"));
  for (const auto& attempt : attempts) runner().end({attempt, true});
  mailbox().wait_for_count(all);
  BOOST_TEST(shell("exit 6").exit_code == 6);
}

BOOST_FIXTURE_TEST_CASE(spawning_does_not_wait_for_a_runner_that_is_behind, Children) {
  Exec exec;
  exec.argv = {"wc", "-c"};
  exec.stdin_text = std::string(1U << 20U, 'x');
  std::vector<AttemptId> attempts;
  for (int i = 0; i < 64; ++i) attempts.push_back(spawn(exec));
  for (const auto& attempt : attempts) BOOST_TEST(text_of(wait_for(attempt)) == "1048576");
}

BOOST_FIXTURE_TEST_CASE(a_busy_child_does_not_hold_up_the_others, Children) {
  const auto busy = spawn(script("exec cat /dev/zero"));
  for (int i = 0; i < 20; ++i) BOOST_TEST(text_of(shell("echo fine")) == "fine");
  runner().end({busy, true});
  BOOST_TEST(wait_for(busy).output_size > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
