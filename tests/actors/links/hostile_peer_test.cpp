#include <boost/test/unit_test.hpp>

#include "actors/sockets/curve_socket.hpp"
#include "messages/codec.hpp"
#include "tests/actors/links/live_links.hpp"

/// Someone with the key of node 1 who says to node 2 what no node says.
namespace queenright::links {
namespace {
using contract::letter;
using contract::one;
using contract::three;
using contract::two;
using messages::Frame;

const std::string no_frame = "it sent what is no frame";
const std::string no_letter = "it sent what is no letter";

/// Node 1 itself was never there: its goodbye would be heard before what is said here, or after it.
struct Hostile {
  Hostile() { connect(world.node(one).keys); }

  void connect(const sockets::KeyPair& keys) {
    const auto& victim = world.node(two);
    socket = sockets::connecting_dealer(context, keys, victim.keys.public_key);
    socket.set(zmq::sockopt::immediate, false);  // what is said first waits for the connection
    socket.connect(victim.address);
  }

  void say(const std::string& bytes) { socket.send(zmq::buffer(bytes), zmq::send_flags::none); }

  void say(const Frame& frame) { say(messages::encode_frame(frame)); }

  /// What node 1 would say.
  Frame frame(std::uint64_t number, std::vector<std::string> letters = {}) {
    const auto self = world.options_of(one).self;
    Frame made;
    made.version = 1;
    made.hive = self.hive;
    made.from = one;
    made.incarnation = self.incarnation;
    made.process = self.process;
    made.stream = {1};
    made.number = {number};
    made.sent = std::chrono::seconds{1};
    made.letters = std::move(letters);
    return made;
  }
  Frame frame_with_letter(std::uint64_t number) {
    return frame(number, {messages::encode_letter(letter(one, two, number))});
  }

  void wait_for_refusals(const std::string& why, std::uint64_t count) {
    world.wait_until([&] { return world.node(two).link->figures().refused[why] >= count; });
  }

  /// Node 3 is heard as ever.
  void teardown() {
    world.send(letter(three, two, 1000));
    world.wait_until([&] { return !contract::numbers_of(world.received(two), three).empty(); });
  }

  LiveLinks world{{two, three}};
  zmq::context_t context;
  zmq::socket_t socket;
};

BOOST_FIXTURE_TEST_SUITE(hostile_peer, Hostile)

BOOST_AUTO_TEST_CASE(bytes_that_are_no_frame_are_refused_counted_and_told_of_once) {
  const std::string whole = messages::encode_frame(frame_with_letter(1));
  const std::vector<std::string> nonsense{"", std::string(1, '\0'), std::string(100'000, '\xff'),
                                          whole.substr(0, whole.size() - 1), whole + '\x07'};
  for (int round = 0; round < 20; ++round)
    for (const auto& bytes : nonsense) say(bytes);
  say(frame_with_letter(1));
  world.wait_until([&] { return !world.received(two).empty(); });
  const auto log = world.log_of(two);
  BOOST_TEST(std::count_if(log.begin(), log.end(), [](const std::string& line) {
               return line.find(no_frame) != std::string::npos;
             }) == 1);
  wait_for_refusals(no_frame, 60);
  BOOST_TEST(world.received(two).size() == 1U);
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_flipped_bit_of_a_frame_is_survived) {
  const std::string whole = messages::encode_frame(frame_with_letter(1));
  for (std::size_t length = 0; length < whole.size(); ++length) say(whole.substr(0, length));
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    auto flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    say(flipped);
  }
  wait_for_refusals(no_frame, whole.size());
}

BOOST_AUTO_TEST_CASE(a_frame_in_several_parts_is_refused) {
  const std::string whole = messages::encode_frame(frame_with_letter(1));
  for (int parts = 1; parts < 5; ++parts) socket.send(zmq::buffer(whole), zmq::send_flags::sndmore);
  say(whole);
  wait_for_refusals(no_frame, 1);
  BOOST_TEST(world.received(two).empty());
}

BOOST_AUTO_TEST_CASE(letters_that_are_none_are_refused_and_those_beside_them_are_taken) {
  const std::string good = messages::encode_letter(letter(one, two, 1));
  say(frame(1, {"", "nonsense", good.substr(0, good.size() / 2), good}));
  wait_for_refusals(no_letter, 2);
  world.wait_until([&] { return world.received(two).size() == 1; });
}

BOOST_AUTO_TEST_CASE(frames_that_are_said_again_are_taken_once) {
  for (int times = 0; times < 50; ++times)
    for (const std::uint64_t number : {1, 2, 3}) say(frame_with_letter(number));
  say(frame_with_letter(4));
  world.wait_until([&] { return world.received(two).size() >= 4; });
  BOOST_TEST(world.received(two).size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_frame_of_a_process_that_is_over_is_not_taken_again) {
  const auto kept = frame_with_letter(1);
  say(kept);
  auto next_life = frame_with_letter(2);
  next_life.number = {1};
  ++next_life.incarnation.value;
  ++next_life.process.value;
  say(next_life);
  world.wait_until([&] { return world.received(two).size() == 2; });
  say(kept);
  wait_for_refusals("it is of a process that is over", 1);
  BOOST_TEST(world.received(two).size() == 2U);
}

BOOST_AUTO_TEST_CASE(other_versions_of_the_language_are_refused_with_both_numbers) {
  for (const std::uint32_t version : {0U, 2U, 4'000'000'000U}) {
    auto changed = frame_with_letter(1);
    changed.version = version;
    say(changed);
    wait_for_refusals("it speaks version " + std::to_string(version) +
                          " of the links' language, this node version 1",
                      1);
  }
  BOOST_TEST(world.received(two).empty());
}

BOOST_AUTO_TEST_CASE(a_listed_key_in_another_nodes_name_is_refused) {
  auto changed = frame(1, {messages::encode_letter(letter(three, two, 1))});
  changed.from = three;
  say(changed);
  wait_for_refusals("its key is node 1's, and it calls itself node 3", 1);
  BOOST_TEST(world.received(two).empty());
}

/// Whatever it claims to have, to want, or to know.
BOOST_AUTO_TEST_CASE(numbers_that_can_not_be_do_no_harm) {
  auto changed = frame_with_letter(1);
  changed.ack = {world.options_of(two).self.process,
                 {4'000'000'000U},
                 {std::numeric_limits<std::uint64_t>::max()},
                 std::numeric_limits<std::uint64_t>::max()};
  changed.sent = messages::Duration::max();
  changed.echoed = messages::Duration::min();
  changed.held = messages::Duration::min();
  say(changed);
  changed.number = {std::numeric_limits<std::uint64_t>::max()};
  say(changed);
  world.wait_until([&] { return world.received(two).size() == 1; });
  for (std::uint64_t number = 1; number <= 10; ++number) world.send(letter(two, three, number));
  world.wait_until([&] { return world.received(three).size() == 10; });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace queenright::links
