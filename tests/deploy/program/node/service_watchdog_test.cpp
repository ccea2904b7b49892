#include "deploy/program/node/service_watchdog.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "actors/host/node.hpp"
#include "actors/host/node_clock.hpp"
#include "actors/roles/catalogue.hpp"
#include "persistence/memory_journal.hpp"
#include "persistence/watched_journal.hpp"
#include "tests/toys/gate.hpp"

namespace queenright::program {
namespace {

using messages::RoleId;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr messages::NodeId self{1};

/// What systemd is told.
class Notices {
 public:
  void add(const std::string& notice) {
    const std::lock_guard lock(mutex_);
    notices_.push_back(notice);
    changed_.notify_all();
  }
  bool wait_for(const std::string& part, std::ptrdiff_t times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, toys::patience, [&] { return count_unlocked(part) >= times; });
  }
  std::ptrdiff_t count(const std::string& part) {
    const std::lock_guard lock(mutex_);
    return count_unlocked(part);
  }

 private:
  std::ptrdiff_t count_unlocked(const std::string& part) const {
    return std::count_if(notices_.begin(), notices_.end(), [&](const std::string& notice) {
      return notice.find(part) != std::string::npos;
    });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> notices_;
};

/// A node of a queen and a worker, over a disk that may stall, and its watchdog.
class WatchedNode : private messages::Outlet {
 public:
  explicit WatchedNode(std::vector<RoleId> roles = {messages::queen_role(),
                                                    messages::worker_role()})
      : journal_(std::make_unique<persistence::MemoryJournal>(), {[this] { stall(); }, [] {}}),
        node_({self, catalogue_, journal_, *this, clock_, [](const std::string&) {}, [] {}}),
        watchdog_({[this](RoleId role, messages::Envelope question) {
                     node_.deliver(role, {}, {}, std::move(question));
                   },
                   [this](const std::string& notice) { notices.add(notice); },
                   [] { return "all is well"; }},
                  self, std::move(roles), milliseconds{20}) {
    messages::Booted booted;
    booted.node = self;
    booted.timing = messages::usual_timing;
    booted.queens = {self};
    booted.incarnation = {1};
    booted.worker.slots = 1;
    node_.start({}, booted);
    watchdog_.begin();
  }
  ~WatchedNode() override {
    gate.open();
    watchdog_.stop();
    node_.stop();
  }

  Notices notices;
  toys::Gate gate;
  std::atomic<bool> stalls{false};

 private:
  void stall() {
    if (stalls) gate.pass();
  }
  void release(messages::TraceId, messages::Cause, messages::Effect effect) override {
    const auto* send = std::get_if<messages::Send>(&effect.body);
    if (send != nullptr && send->to == ServiceWatchdog::address(self))
      watchdog_.answered(send->items);
  }

  const roles::RoleCatalogue catalogue_{roles::embedded_supervision()};
  const host::NodeClock clock_;
  persistence::WatchedJournal journal_;
  host::Node node_;
  ServiceWatchdog watchdog_;
};

BOOST_AUTO_TEST_SUITE(service_watchdog)

BOOST_AUTO_TEST_CASE(a_node_that_works_feeds_its_watchdog_again_and_again) {
  WatchedNode node;
  BOOST_TEST(node.notices.wait_for("WATCHDOG=1\nSTATUS=all is well", 3));
}

BOOST_AUTO_TEST_CASE(a_disk_that_stalls_starves_the_watchdog_until_it_goes_on) {
  WatchedNode node;
  BOOST_REQUIRE(node.notices.wait_for("WATCHDOG=1"));
  node.stalls = true;
  BOOST_REQUIRE(node.gate.wait_for_visitors(1));
  const auto fed = node.notices.count("WATCHDOG=1");
  BOOST_REQUIRE(node.notices.wait_for("STATUS=no answer for 0 s from: ", 5));
  BOOST_TEST(node.notices.count("WATCHDOG=1") <= fed + 1);  // of the sync before
  node.stalls = false;
  node.gate.open();
  BOOST_TEST(node.notices.wait_for("WATCHDOG=1", fed + 2));
}

BOOST_AUTO_TEST_CASE(one_role_that_does_not_answer_starves_the_watchdog_and_is_named) {
  WatchedNode node({messages::queen_role(),
                    messages::worker_role(),
                    {messages::RoleKind::circuit, 77}});  // it answers nobody
  BOOST_TEST(node.notices.wait_for("from: circuit/77", 3));
  BOOST_TEST(node.notices.count("WATCHDOG=1") == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_to_an_earlier_question_does_not_count) {
  std::atomic<int> asked{0};
  Notices notices;
  ServiceWatchdog watchdog(
      {[&](RoleId, messages::Envelope) { ++asked; },
       [&](const std::string& notice) { notices.add(notice); }, [] { return ""; }},
      self, {messages::queen_role()}, milliseconds{2});
  watchdog.begin();
  BOOST_REQUIRE(notices.wait_for("no answer"));
  messages::Answer answer;
  answer.key = {"queen", 0};
  watchdog.answered({answer});
  BOOST_REQUIRE(notices.wait_for("no answer", notices.count("no answer") + 2));
  BOOST_TEST(notices.count("WATCHDOG=1") == 0);
  answer.key = {"queen", 1};
  watchdog.answered({answer});
  BOOST_TEST(notices.wait_for("WATCHDOG=1"));
}

/// The environment of this process, as systemd sets it; put back at the end.
struct SystemdEnvironment {
  SystemdEnvironment(const char* time, const std::string& process) {
    setenv("WATCHDOG_USEC", time, 1);
    setenv("WATCHDOG_PID", process.c_str(), 1);
  }
  ~SystemdEnvironment() {
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
  }
};

BOOST_AUTO_TEST_CASE(systemd_says_how_often_and_whom_it_means) {
  const std::string own = std::to_string(getpid());
  BOOST_TEST(!watchdog_time().has_value());
  BOOST_CHECK((SystemdEnvironment{"3000000", own}, watchdog_time()) == microseconds{3'000'000});
  BOOST_TEST(!(SystemdEnvironment{"3000000", own + "1"}, watchdog_time()).has_value());
  BOOST_TEST(!(SystemdEnvironment{"soon", own}, watchdog_time()).has_value());
  BOOST_TEST(!(SystemdEnvironment{"0", own}, watchdog_time()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
