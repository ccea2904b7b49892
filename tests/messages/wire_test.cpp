#include <boost/test/unit_test.hpp>

#include "messages/codec.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"
#include "tests/messages/random_messages.hpp"

namespace queenright::messages {
namespace {
BOOST_AUTO_TEST_SUITE(wire)

constexpr std::uint64_t seeds = 200;

void comes_back(const Input& input) {
  const auto decoded = decode_input(bytes_of(input));
  BOOST_REQUIRE_MESSAGE(decoded, "refused: " << text_of(input));
  BOOST_TEST(text_of(decoded.value()) == text_of(input));
  BOOST_TEST(bytes_of(decoded.value()) == bytes_of(input));
}

void comes_back(const Effect& effect) {
  const auto decoded = decode_effect(bytes_of(effect));
  BOOST_REQUIRE_MESSAGE(decoded, "refused: " << text_of(effect));
  BOOST_TEST(text_of(decoded.value()) == text_of(effect));
  BOOST_TEST(bytes_of(decoded.value()) == bytes_of(effect));
}

/// An input which carries one item.
Input with(Item item) {
  Input input;
  input.body = Envelope{{}, {std::move(item)}};
  return input;
}

Reply reply_of(Value value) { return {{}, {}, {}, std::move(value), ""}; }

/// `depth` maps, one in the other.
Value nested_maps(std::size_t depth) {
  Value value("leaf");
  for (; depth > 0; --depth) value = Value::Map{{"k", std::move(value)}};
  return value;
}

BOOST_AUTO_TEST_CASE(every_kind_of_input_comes_back) {
  for (std::size_t body = 0; body < std::variant_size_v<Input::Body>; ++body)
    for (std::uint64_t seed = 0; seed < seeds; ++seed) comes_back(random_input(seed, body));
}

BOOST_AUTO_TEST_CASE(every_kind_of_effect_comes_back) {
  for (std::size_t body = 0; body < std::variant_size_v<Effect::Body>; ++body)
    for (std::uint64_t seed = 0; seed < seeds; ++seed) comes_back(random_effect(seed, body));
}

BOOST_AUTO_TEST_CASE(every_kind_of_item_comes_back) {
  for (std::size_t kind = 0; kind < std::variant_size_v<Item>; ++kind)
    for (std::uint64_t seed = 0; seed < seeds; ++seed) comes_back(with(random_item(seed, kind)));
}

BOOST_AUTO_TEST_CASE(texts_of_any_bytes_come_back) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  Exec exec;
  exec.argv = {all, "", all + all};
  exec.env = {{all, all}, {"", ""}};
  exec.stdin_text = all;
  comes_back(Effect{Spawn{{}, exec}});
}

BOOST_AUTO_TEST_CASE(a_value_as_deep_as_the_limit_comes_back_from_the_deepest_place) {
  AttemptEnded ended;
  ended.outcome.output = nested_maps(ValueLimits{}.depth);
  CommittedEntry entry;
  entry.command = ended;
  comes_back(with(Committed{{}, {entry}, {}}));
}

BOOST_AUTO_TEST_CASE(a_field_with_its_default_takes_no_bytes) {
  BOOST_TEST(encode(AttemptOutcome{}).empty());
  BOOST_TEST(encode(Cause{}).empty());
  BOOST_TEST(encode(Key{"", 5}) == "\x10\x05");
  BOOST_TEST(encode(CancelRun{"no"}) == "\x0A\x02no");
}

BOOST_AUTO_TEST_CASE(a_present_optional_is_written_even_when_it_is_zero) {
  Applied applied;
  BOOST_TEST(encode(applied).empty());
  applied.deadline = Duration{0};
  BOOST_TEST(encode(applied) == std::string("\x18\x00", 2));
}

BOOST_AUTO_TEST_CASE(signed_numbers_are_zigzag) {
  Drain drain;
  drain.exit_code = -1;
  BOOST_TEST(encode(drain) == "\x10\x01");
  drain.exit_code = 1;
  BOOST_TEST(encode(drain) == "\x10\x02");
}

BOOST_AUTO_TEST_CASE(a_nested_message_longer_than_127_bytes_has_a_longer_length) {
  const RunEvent event{{}, "", {}, {}, std::string(200, 's'), ""};
  const Events events{{}, {event}};
  BOOST_TEST(encode(events).substr(0, 6) == "\x12\xCB\x01\x2A\xC8\x01");
  comes_back(with(events));
}

BOOST_AUTO_TEST_CASE(equal_values_give_equal_bytes_however_they_were_made) {
  Exec forwards, backwards;
  forwards.env = {{"A", "1"}, {"B", "2"}};
  backwards.env["B"] = "2";
  backwards.env["A"] = "1";
  BOOST_TEST(encode(forwards) == encode(backwards));
}

BOOST_AUTO_TEST_CASE(a_field_of_a_newer_version_is_passed_over) {
  const std::string newer = encode(Key{"s", 7}) + "\x7A\x03new" + "\x80\x01\x01";
  const auto key = decode<Key>(newer);
  BOOST_REQUIRE(key);
  BOOST_TEST(key.value().session == "s");
  BOOST_TEST(key.value().sequence == 7U);
}

BOOST_AUTO_TEST_CASE(no_bytes_are_a_message_of_defaults) {
  BOOST_TEST(bool(decode<Key>("")));
  BOOST_TEST(bool(decode<Key>(std::string_view())));
}

BOOST_AUTO_TEST_CASE(null_values_keep_their_places_in_lists_and_maps) {
  comes_back(with(reply_of(Value::List{Value(), 0, false, "", Value::List{}, Value()})));
  comes_back(with(reply_of(Value::Map{{"", Value()}, {"zero", 0}, {"null", Value()}})));
}

BOOST_AUTO_TEST_CASE(a_text_for_people_names_alternatives_and_fields) {
  Effect effect;
  effect.body = EndChild{{CircuitId{7}, TaskId{2}, AttemptNumber{1}}, true};
  BOOST_TEST(text_of(effect) ==
             R"({"body":{"EndChild":{"attempt":{"circuit":7,"task":2,"attempt":1},)"
             R"("force":true}}})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::messages
