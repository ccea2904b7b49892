#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>
#include <vector>

#include "messages/letter.hpp"

/// What every link of `messages/link.hpp` does, live or simulated.
namespace queenright::contract {

/// Three nodes, 1 to 3, whose links are tried.
class LinkWorld {
 public:
  virtual ~LinkWorld() = default;
  virtual void send(messages::Letter letter) = 0;
  /// From the first to the last that has come to the node.
  virtual std::vector<messages::Letter> received(messages::NodeId node) = 0;
  /// Lets the world go on until that holds.
  virtual void wait_until(const std::function<bool()>& holds) = 0;
  virtual void cut(messages::NodeId from, messages::NodeId to) = 0;
  virtual void restore(messages::NodeId from, messages::NodeId to) = 0;
};

inline constexpr messages::NodeId one{1}, two{2}, three{3}, nobody{9};

/// Recognized by its number, and by its length.
inline messages::Letter letter(messages::NodeId from, messages::NodeId to, std::uint64_t number,
                               std::size_t length = 10) {
  messages::Letter made;
  made.trace = {number + 1};
  made.cause = {{from, messages::queen_role()}, {number + 1}};
  made.send.to = {to, messages::queen_role()};
  made.send.items = {messages::Submit{
      {number}, {"client", number}, messages::CancelRun{std::string(length, 'x')}}};
  return made;
}

inline std::uint64_t number_of(const messages::Letter& letter) { return letter.trace.value - 1; }

inline std::vector<std::uint64_t> numbers_of(const std::vector<messages::Letter>& letters,
                                             messages::NodeId from) {
  std::vector<std::uint64_t> numbers;
  for (const auto& letter : letters)
    if (letter.cause.who.node == from) numbers.push_back(number_of(letter));
  return numbers;
}

inline void a_letter_arrives_as_it_was_sent(LinkWorld& world) {
  const auto sent = letter(one, two, 7, 1000);
  world.send(sent);
  world.wait_until([&] { return !world.received(two).empty(); });
  const auto came = world.received(two);
  BOOST_REQUIRE_EQUAL(came.size(), 1U);
  BOOST_TEST(came[0].trace.value == sent.trace.value);
  BOOST_TEST((came[0].cause.who == sent.cause.who));
  BOOST_TEST(came[0].cause.sequence.value == sent.cause.sequence.value);
  BOOST_TEST((came[0].send.to == sent.send.to));
  const auto& item = std::get<messages::Submit>(came[0].send.items.at(0));
  BOOST_TEST(std::get<messages::CancelRun>(item.command).reason.size() == 1000U);
}

inline void letters_arrive_once_and_in_order_between_all_nodes(LinkWorld& world) {
  const std::vector<messages::NodeId> nodes{one, two, three};
  constexpr std::uint64_t count = 3000;
  for (std::uint64_t number = 0; number < count; ++number)
    for (const auto from : nodes)
      for (const auto to : nodes)
        if (from != to) world.send(letter(from, to, number, number % 100 == 0 ? 20'000 : 10));
  for (const auto to : nodes) {
    world.wait_until([&] { return world.received(to).size() >= 2 * count; });
    const auto came = world.received(to);
    BOOST_TEST(came.size() == 2 * count);
    for (const auto from : nodes) {
      if (from == to) continue;
      const auto numbers = numbers_of(came, from);
      BOOST_TEST(numbers.size() == count);
      BOOST_TEST(std::is_sorted(numbers.begin(), numbers.end()));
    }
  }
}

inline void a_large_letter_arrives(LinkWorld& world) {
  world.send(letter(one, two, 1, std::size_t{6} << 20U));
  world.send(letter(one, two, 2));
  world.wait_until([&] { return world.received(two).size() == 2; });
}

inline void nothing_comes_by_a_link_that_is_cut_and_all_others_go_on(LinkWorld& world) {
  world.cut(one, two);
  for (std::uint64_t number = 0; number < 10; ++number) {
    world.send(letter(one, two, number));
    world.send(letter(two, one, number));
    world.send(letter(one, three, number));
  }
  world.wait_until([&] { return world.received(one).size() == 10; });
  world.wait_until([&] { return world.received(three).size() == 10; });
  BOOST_TEST(world.received(two).empty());
}

inline void after_a_cut_letters_come_again_none_twice_and_none_out_of_order(LinkWorld& world) {
  world.send(letter(one, two, 0));
  world.wait_until([&] { return !world.received(two).empty(); });
  world.cut(one, two);
  for (std::uint64_t number = 1; number < 10; ++number) world.send(letter(one, two, number));
  world.restore(one, two);
  world.send(letter(one, two, 10));
  world.wait_until([&] { return number_of(world.received(two).back()) == 10; });
  const auto numbers = numbers_of(world.received(two), one);
  BOOST_TEST(std::is_sorted(numbers.begin(), numbers.end()));
  BOOST_TEST((std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end()));
}

inline void a_letter_to_nobody_is_lost_and_nothing_else(LinkWorld& world) {
  world.send(letter(one, nobody, 1));
  world.send(letter(one, two, 2));
  world.wait_until([&] { return !world.received(two).empty(); });
  BOOST_TEST(number_of(world.received(two).front()) == 2U);
}

}  // namespace queenright::contract

/// The whole suite against worlds that `Made` makes, one a claim.
#define QUEENRIGHT_LINK_CONTRACT(Made)                                                            \
  BOOST_AUTO_TEST_CASE(a_letter_arrives_as_it_was_sent) {                                         \
    Made world;                                                                                   \
    queenright::contract::a_letter_arrives_as_it_was_sent(world);                                 \
  }                                                                                               \
  BOOST_AUTO_TEST_CASE(letters_arrive_once_and_in_order_between_all_nodes) {                      \
    Made world;                                                                                   \
    queenright::contract::letters_arrive_once_and_in_order_between_all_nodes(world);              \
  }                                                                                               \
  BOOST_AUTO_TEST_CASE(a_large_letter_arrives) {                                                  \
    Made world;                                                                                   \
    queenright::contract::a_large_letter_arrives(world);                                          \
  }                                                                                               \
  BOOST_AUTO_TEST_CASE(nothing_comes_by_a_link_that_is_cut_and_all_others_go_on) {                \
    Made world;                                                                                   \
    queenright::contract::nothing_comes_by_a_link_that_is_cut_and_all_others_go_on(world);        \
  }                                                                                               \
  BOOST_AUTO_TEST_CASE(after_a_cut_letters_come_again_none_twice_and_none_out_of_order) {         \
    Made world;                                                                                   \
    queenright::contract::after_a_cut_letters_come_again_none_twice_and_none_out_of_order(world); \
  }                                                                                               \
  BOOST_AUTO_TEST_CASE(a_letter_to_nobody_is_lost_and_nothing_else) {                             \
    Made world;                                                                                   \
    queenright::contract::a_letter_to_nobody_is_lost_and_nothing_else(world);                     \
  }
