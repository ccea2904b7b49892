#include "actors/links/zmq_link.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/actors/links/live_links.hpp"

namespace queenright::links {

using contract::letter;
using contract::numbers_of;
using contract::one;
using contract::three;
using contract::two;
using messages::NodeId;

BOOST_AUTO_TEST_SUITE(zmq_link)

QUEENRIGHT_LINK_CONTRACT(LiveLinks)

BOOST_AUTO_TEST_CASE(a_clean_stop_is_proof_of_exit) {  // R17 E1
  LiveLinks world;
  world.send(letter(one, two, 1));
  world.send(letter(two, one, 1));
  world.wait_until([&] { return world.received(two).size() + world.received(one).size() == 2; });
  world.node(one).link->stop();
  world.wait_until([&] { return !world.node(two).arrivals.exits().empty(); });
  BOOST_TEST(world.node(two).arrivals.exits().front().node.value == 1U);
  BOOST_TEST(world.node(two).arrivals.exits().front().incarnation.value == 1U);
}

BOOST_AUTO_TEST_CASE(a_node_that_starts_again_is_spoken_to_again) {
  LiveLinks world;
  world.send(letter(one, two, 1));
  world.send(letter(two, one, 1));
  world.wait_until([&] { return world.received(two).size() + world.received(one).size() == 2; });
  world.node(two).link.reset();
  ++world.node(two).incarnation;
  world.start(two);
  std::uint64_t number = 2;
  world.wait_until([&] {  // what is sent before it listens may be lost
    world.send(letter(one, two, number++));
    return world.received(two).size() > 1;
  });
  world.send(letter(two, one, 2));
  world.wait_until([&] { return numbers_of(world.received(one), two).size() == 2; });
}

BOOST_AUTO_TEST_CASE(a_process_that_is_over_is_not_heard_once_its_successor_has_spoken) {
  LiveLinks world;
  ++world.node(one).incarnation;
  world.node(one).link.reset();
  world.start(one);
  world.send(letter(one, two, 1));
  world.wait_until([&] { return !world.received(two).empty(); });
  world.node(one).link.reset();
  --world.node(one).incarnation;  // a directory of the past
  world.start(one);
  world.send(letter(one, two, 2));
  world.wait_until([&] { return !world.node(two).link->figures().refused.empty(); });
  BOOST_TEST(world.received(two).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_on_the_list_is_refused_counted_and_told_of_once) {
  LiveLinks world;
  auto options = world.options_of(one);
  options.keys = sockets::new_key_pair();
  options.listen.clear();
  options.peers = {{two, "two", world.node(two).keys.public_key, world.node(two).address}};
  Arrivals arrivals;
  const BootClock clock;
  const std::string why = "its key is not on the list";
  for (std::uint64_t times = 1; times <= 2; ++times) {
    auto stranger =
        ZmqLink::open(options, {arrivals, clock, [](messages::LogLevel, const std::string&) {}});
    BOOST_REQUIRE(stranger);
    stranger.value()->send(letter(one, two, times));
    world.wait_until([&] { return world.node(two).link->figures().refused[why] >= times; });
  }
  BOOST_TEST(world.received(two).empty());
  const auto log = world.log_of(two);
  BOOST_TEST(std::count_if(log.begin(), log.end(), [&](const std::string& line) {
               return line.find(options.keys.public_key) != std::string::npos;
             }) == 1);
}

BOOST_AUTO_TEST_CASE(a_node_that_is_added_later_is_let_in) {
  LiveLinks world;
  auto options = world.options_of(one);
  options.keys = sockets::new_key_pair();
  options.listen.clear();
  options.self.node = {4};
  options.peers = {{two, "two", world.node(two).keys.public_key, world.node(two).address}};
  world.node(two).link->add({{4}, "four", options.keys.public_key, ""});
  Arrivals arrivals;
  const BootClock clock;
  auto added =
      ZmqLink::open(options, {arrivals, clock, [](messages::LogLevel, const std::string&) {}});
  BOOST_REQUIRE(added);
  added.value()->send(letter({4}, two, 1));
  world.wait_until([&] { return !world.received(two).empty(); });
}

BOOST_AUTO_TEST_CASE(who_lists_another_key_for_a_node_does_not_speak_to_it) {
  LiveLinks world;
  auto options = world.options_of(one);
  options.listen.clear();
  options.peers = {{two, "two", sockets::new_key_pair().public_key, world.node(two).address}};
  world.node(one).link.reset();
  Arrivals arrivals;
  const BootClock clock;
  auto deceived =
      ZmqLink::open(options, {arrivals, clock, [](messages::LogLevel, const std::string&) {}});
  BOOST_REQUIRE(deceived);
  deceived.value()->send(letter(one, two, 1));
  world.send(letter(three, two, 2));
  world.wait_until([&] { return !world.received(two).empty(); });
  BOOST_TEST(numbers_of(world.received(two), one).empty());
}

BOOST_AUTO_TEST_CASE(a_listed_key_speaks_for_its_own_node_only) {
  LiveLinks world;
  auto forged = letter(three, two, 1);
  world.node(one).link->send(forged);  // in the name of node 3
  world.wait_until([&] { return !world.node(two).link->figures().refused.empty(); });
  BOOST_TEST(world.received(two).empty());
}

BOOST_AUTO_TEST_CASE(nodes_that_were_told_otherwise_of_the_hive_do_not_speak) {
  LiveLinks world;
  world.node(one).link.reset();
  auto options = world.options_of(one);
  options.self.hive = 43;
  const BootClock clock;
  auto other = ZmqLink::open(
      options, {world.node(one).arrivals, clock, [](messages::LogLevel, const std::string&) {}});
  BOOST_REQUIRE(other);
  other.value()->send(letter(one, two, 1));
  world.wait_until([&] { return !world.node(two).link->figures().refused.empty(); });
  BOOST_TEST(world.received(two).empty());
}

BOOST_AUTO_TEST_CASE(of_two_processes_that_say_they_are_one_node_the_second_is_told_so) {
  LiveLinks world;
  world.send(letter(one, two, 1));
  world.wait_until([&] { return !world.received(two).empty(); });
  auto options = world.options_of(one);
  options.listen.clear();
  options.self.process.value += 1;
  Arrivals arrivals;
  const BootClock clock;
  std::mutex mutex;
  std::string told;
  const auto dismissed = [&](const std::string& why) {
    const std::lock_guard lock(mutex);
    told = why;
  };
  auto twin = ZmqLink::open(
      options, {arrivals, clock, [](messages::LogLevel, const std::string&) {}, dismissed});
  BOOST_REQUIRE(twin);
  twin.value()->send(letter(one, two, 2));
  world.wait_until([&] {
    const std::lock_guard lock(mutex);
    return told ==
           "node-2 says: this is start 1 of node 1; another process was heard as its start 1, "
           "from 127.0.0.1";
  });
  const std::string why = "two processes say that they are this node";
  world.wait_until([&] { return world.node(two).link->figures().refused[why] > 0; });
  BOOST_TEST(world.received(two).size() == 1U);
}

BOOST_AUTO_TEST_CASE(who_has_too_much_to_do_is_sent_no_more_until_it_has_less) {
  LiveLinks world;
  world.send(letter(one, two, 0));
  world.wait_until([&] { return world.received(two).size() == 1; });
  world.node(two).arrivals.waiting_ = 1'000'000;
  constexpr std::uint64_t count = 200;
  constexpr std::size_t length = std::size_t{100} << 10U;
  for (std::uint64_t number = 1; number <= count; ++number)
    world.send(letter(one, two, number, length));
  world.wait_until(
      [&] { return world.node(one).link->figures().peers[two].waiting_bytes > 10 * length; });
  BOOST_TEST(world.received(two).size() < count);
  world.node(two).arrivals.waiting_ = 0;
  world.wait_until([&] { return world.received(two).size() == count + 1; });
}

BOOST_AUTO_TEST_CASE(the_time_that_a_word_and_its_answer_take_is_measured) {
  LiveLinks world;
  std::uint64_t number = 0;
  world.wait_until([&] {
    world.send(letter(one, two, ++number));
    world.send(letter(two, one, ++number));
    return world.node(one).link->figures().peers[two].round_trip.has_value();
  });
  BOOST_TEST((*world.node(one).link->figures().peers[two].round_trip > messages::Duration{}));
}

BOOST_AUTO_TEST_CASE(an_address_that_is_taken_is_refused_and_named) {
  LiveLinks world;
  auto options = world.options_of(one);
  Arrivals arrivals;
  const BootClock clock;
  const auto refused =
      ZmqLink::open(options, {arrivals, clock, [](messages::LogLevel, const std::string&) {}});
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.reason() == "can't listen on " + options.listen + ": Address already in use");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace queenright::links
