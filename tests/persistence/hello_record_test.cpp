#include "persistence/hello_record.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "messages/codec.hpp"
#include "messages/writer.hpp"
#include "persistence/block.hpp"

namespace queenright::persistence {
namespace {
BOOST_AUTO_TEST_SUITE(hello_record)

using messages::Contact;
using messages::Envelope;
using messages::Hello;
using messages::Input;
using messages::NodeId;

/// What the queen of node 1 hears from one other queen of a hive, over and over.
class Peer {
 public:
  Peer(std::uint16_t node, std::uint16_t queens) {
    input_.now = {std::chrono::hours{50}};
    input_.wall = {1'795'254'480'123};
    input_.cause = {{{node}, messages::queen_role()}, {1'000'000U * node}};
    contact_.session = {std::uint64_t{7} << 32U};
    contact_.echoed_session = {std::uint64_t{9} << 32U};
    contact_.support = {std::uint64_t{7} << 32U};
    contact_.heard = contact_.supported_by = {70'000};
    hello_.number = {80'000};
    hello_.connected = true;
    hello_.views = 0x0123456789abcdefU;
    for (std::uint16_t queen = 1; queen <= queens; ++queen) {
      contact_.incarnations[{queen}] = {7};
      hello_.adverts.push_back({{queen}, 40U + queen, 1'300});
      if (queen != node && queen != 1)
        hello_.evidence.push_back({{queen}, {std::uint64_t{7} << 32U}, {}});
    }
  }

  /// The next hello, some 50 ms after the last one.
  Record next(std::mt19937_64& random) {
    const auto jitter = static_cast<std::int64_t>(random() % 2'000'000);
    input_.now.since_boot += std::chrono::milliseconds{50} + std::chrono::nanoseconds{jitter};
    input_.wall.milliseconds += 50 + static_cast<std::int64_t>(random() % 3);
    input_.cause.sequence.value += 3 + random() % 5;
    contact_.supported_by.value = ++contact_.heard.value;
    ++hello_.number.value;
    for (auto& evidence : hello_.evidence)
      evidence.age = std::chrono::nanoseconds{random() % 50'000'000};
    sequence_.value += 3 + random() % 5;
    return record(random());
  }

  /// Any hello at all.
  Record any(std::mt19937_64& random) {
    const auto number = [&] { return random() >> (random() % 64); };
    input_.trace = {number()};
    input_.now = {std::chrono::nanoseconds{static_cast<std::int64_t>(number())}};
    input_.wall = {-static_cast<std::int64_t>(number() / 2)};
    input_.cause.sequence = {number()};
    contact_ = {{number()}, {number()}, {number()}, {number()}, {number()}, {}};
    for (auto i = random() % 3; i > 0; --i)
      contact_.incarnations[{static_cast<std::uint16_t>(i)}] = {
          static_cast<std::uint32_t>(number())};
    hello_ = {};
    hello_.number = {number()};
    hello_.connected = random() % 2 == 0;
    for (auto i = random() % 3; i > 0; --i)
      hello_.evidence.push_back(
          {{static_cast<std::uint16_t>(number())}, {number()}, std::chrono::nanoseconds{-5}});
    hello_.views = number();
    says_hello_ = random() % 4 != 0;
    sequence_.value += 1 + random() % 5;
    return record(number());
  }

 private:
  Record record(std::uint64_t effect) {
    auto input = input_;
    Envelope envelope{input.cause.who, {contact_}};
    if (says_hello_) envelope.items.emplace_back(hello_);
    input.body = std::move(envelope);
    Record made{messages::queen_role(), sequence_, {}, {effect}, {}};
    append_encoded(made.input, input);
    return made;
  }

  Input input_;
  Contact contact_;
  Hello hello_;
  bool says_hello_ = true;
  messages::RoleSequence sequence_{1'000};
};

HelloNumbers numbers_of(const Record& record) {
  HelloNumbers numbers;
  numbers.take(record.sequence, messages::decode_input(record.input).value());
  return numbers;
}

void append_hello(BlockBuilder& builder, const Record& record) {
  const auto numbers = numbers_of(record);
  builder.append(TurnRecord{record.role, record.sequence, record.input, record.effects,
                            record.failure, &numbers});
}

/// Each record of a block, encoded.
std::vector<std::string> records_of(BlockBuilder& builder, Tail& tail) {
  const std::string bytes = builder.seal(tail, {});
  std::vector<std::string> found;
  const auto block = open_block(bytes);
  BOOST_REQUIRE(block);
  const auto all = block.value().for_each([&](messages::Position, const Record& record) {
    if (record.decoded != nullptr) {
      std::string again;
      append_encoded(again, *record.decoded);
      BOOST_TEST((again == record.input));
    }
    found.push_back(messages::encode(record));
    return true;
  });
  BOOST_REQUIRE(all);
  return found;
}

BOOST_AUTO_TEST_CASE(readers_get_back_every_hello_as_it_was_said) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<Peer> peers{{2, 3}, {3, 3}};
    Tail tail;
    BlockBuilder builder;
    for (int block = 0; block < 3; ++block) {
      std::vector<std::string> said;
      for (int i = 0; i < 100; ++i) {
        auto& peer = peers[random() % 2];
        auto record = random() % 2 == 0 ? peer.any(random) : peer.next(random);
        if (random() % 16 == 0) record.failure = "broken";
        if (random() % 8 == 0)
          builder.append(record);  // among others
        else
          append_hello(builder, record);
        said.push_back(messages::encode(record));
      }
      BOOST_REQUIRE(records_of(builder, tail) == said);
    }
  }
}

// docs/follow-a-message.md, what waits for the disk: median at most 48 bytes, a full one every 64.
BOOST_AUTO_TEST_CASE(a_hello_is_short_and_one_of_64_is_whole) {
  for (const std::uint16_t queens : {std::uint16_t{3}, std::uint16_t{5}}) {
    std::mt19937_64 random(1);
    Peer peer(2, queens);
    BlockBuilder builder;
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 640; ++i) {
      const auto before = builder.size();
      append_hello(builder, peer.next(random));
      sizes.push_back(builder.size() - before);
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) BOOST_TEST((sizes[i] > 100) == (i % 64 == 0));
    std::sort(sizes.begin(), sizes.end());
    BOOST_TEST_MESSAGE(queens << " queens: " << sizes[sizes.size() / 2] << " bytes");
    BOOST_TEST(sizes[sizes.size() / 2] <= 48U);
  }
}

BOOST_AUTO_TEST_CASE(each_block_begins_with_a_whole_hello) {
  std::mt19937_64 random(1);
  Peer peer(2, 3);
  Tail tail;
  BlockBuilder builder;
  for (int block = 0; block < 3; ++block) {
    const auto before = builder.size();
    const auto record = peer.next(random);
    append_hello(builder, record);
    BOOST_TEST(builder.size() - before > 100U);
    BOOST_TEST(records_of(builder, tail).at(0) == messages::encode(record));
  }
}

BOOST_AUTO_TEST_CASE(a_difference_from_nothing_or_beyond_the_end_is_malformed) {
  std::mt19937_64 random(1);
  Peer peer(2, 3);
  const auto first = peer.next(random);
  const auto second = peer.next(random);
  HelloShortener shortener;
  const auto shorten = [&](const Record& record) {
    const auto numbers = numbers_of(record);
    return shortener.shorten(
        {record.role, record.sequence, record.input, record.effects, {}, &numbers, Urgency::lazy});
  };
  const auto whole = shorten(first);
  const auto shortened = shorten(second);
  BOOST_REQUIRE(!shortened.difference.empty());
  const auto accepted = [&](std::string difference, std::uint32_t line = 1) {
    HelloRestorer restorer;
    auto stored = whole;
    BOOST_REQUIRE(restorer.restore(stored));
    stored = shortened;
    stored.line = line;
    stored.difference = std::move(difference);
    return restorer.restore(stored);
  };
  BOOST_TEST(accepted(shortened.difference));
  BOOST_TEST(!accepted(shortened.difference, 2));
  BOOST_TEST(!accepted(shortened.difference, 0));
  BOOST_TEST(!accepted(shortened.difference + '\x7f' + '\x02'));
  BOOST_TEST(!accepted(shortened.difference.substr(0, shortened.difference.size() - 1)));
  BOOST_TEST(!accepted(std::string("\x02\xff\xff\xff\xff\x0f", 6)));  // the sender's kind
  BOOST_TEST(!accepted("\xff"));
}

BOOST_AUTO_TEST_CASE(a_hello_is_a_contact_of_a_queen_and_at_most_one_hello) {
  const messages::Address queen{{2}, messages::queen_role()};
  const auto is = [](const messages::Address& from, std::vector<messages::Item> items) {
    return is_hello({{}, {}, {}, {}, Envelope{from, std::move(items)}});
  };
  BOOST_TEST(is(queen, {Contact{}}));
  BOOST_TEST(is(queen, {Contact{}, Hello{}}));
  BOOST_TEST(!is(queen, {}));
  BOOST_TEST(!is(queen, {Hello{}}));
  BOOST_TEST(!is(queen, {Contact{}, Hello{}, Hello{}}));
  BOOST_TEST(!is(queen, {Contact{}, messages::Claim{}}));
  BOOST_TEST(!is({{2}, messages::worker_role()}, {Contact{}}));
  BOOST_TEST(!is_hello({{}, {}, {}, {}, messages::Due{}}));
  BOOST_TEST(says_hello({messages::Send{queen, {Contact{}, Hello{}}}}));
  BOOST_TEST(!says_hello({messages::Send{queen, {Contact{}, messages::Claim{}}}}));
  BOOST_TEST(!says_hello({messages::Retire{}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::persistence
