#include "persistence/turn.hpp"

#include <boost/test/unit_test.hpp>
#include <ostream>

#include "messages/codec.hpp"
#include "messages/digest.hpp"
#include "persistence/record.hpp"
#include "tests/toys/toy_role.hpp"

namespace queenright::persistence {
namespace {

using messages::Cause;
using messages::Effect;
using messages::Effects;
using messages::Input;
using messages::Item;
using messages::RoleId;
using messages::Send;
using toys::circuit;

const RoleId self_id = messages::queen_role();
const messages::Address here{toys::node, self_id};
const messages::Address elsewhere{{2}, messages::queen_role()};

/// Does what a test says, and writes down when.
class Scripted : public messages::Role {
 public:
  using Script = std::function<void(const Input&, Effects&)>;
  Scripted(std::vector<std::string>& order, Script script)
      : order_(order), script_(std::move(script)) {}
  void step(Input input, Effects& effects) override {
    order_.push_back("step");
    script_(input, effects);
  }
  std::string snapshot() const override { return {}; }
  std::string text() const override { return {}; }

 private:
  std::vector<std::string>& order_;
  const Script script_;
};

/// All that a turn is given, writing down what it is used for and when.
class Around : public Sequencer, public messages::Outlet, public messages::Clock {
 public:
  messages::Position append(const TurnRecord& record, std::vector<HeldEffect> held) override {
    order.push_back("append");
    records.push_back({record.role,
                       record.sequence,
                       std::string(record.input),
                       {record.effects.begin(), record.effects.end()},
                       std::string(record.failure)});
    hello.push_back(record.hello != nullptr);
    urgencies.push_back(record.urgency);
    for (auto& effect : held) waiting.push_back(std::move(effect));
    return {records.size()};
  }
  void add_snapshot(RoleId, messages::RoleSequence, std::uint32_t, std::string) override {}
  void forget_snapshot(RoleId) override {}
  messages::Position synced() const override { return durable; }
  void release(messages::TraceId trace, Cause cause, Effect effect) override {
    order.push_back("release");
    released.push_back({trace, cause, std::move(effect)});
  }
  messages::Instant now() const override { return {std::chrono::seconds{7}}; }
  messages::WallTime wall() const override { return {8000}; }

  ActiveRole scripted(Scripted::Script script) {
    return {self_id, std::make_unique<Scripted>(order, std::move(script)), {}};
  }
  std::string take(ActiveRole& role, Input::Body body = messages::Due{}) {
    return turn.take(role, {5}, Cause{elsewhere, {3}}, std::move(body));
  }
  /// Takes one turn of a role with these effects.
  void emit(std::vector<Effect::Body> bodies) {
    auto role = scripted([&](const Input&, Effects& effects) {
      for (const auto& body : bodies) effects.emit(body);
    });
    take(role);
  }

  std::vector<std::string> order;
  std::vector<Record> records;
  std::vector<bool> hello;  ///< of each record
  std::vector<Urgency> urgencies;
  messages::Position durable;
  std::vector<HeldEffect> waiting;
  std::vector<HeldEffect> released;
  toys::ToyCatalogue catalogue;
  Turn turn{toys::node, catalogue, *this, *this, *this};
};

Effect::Body send(const messages::Address& to, Item item) { return Send{to, {std::move(item)}}; }

std::vector<std::string> texts(const std::vector<HeldEffect>& effects) {
  std::vector<std::string> texts;
  for (const auto& held : effects) texts.push_back(text_of(held.effect));
  return texts;
}

std::string text(const Effect::Body& body) { return text_of(Effect{body}); }

BOOST_FIXTURE_TEST_SUITE(turn, Around)

BOOST_AUTO_TEST_CASE(step_comes_first_then_the_journal_then_what_may_go) {
  emit({send(elsewhere, messages::Submit{}), send(elsewhere, messages::Reply{})});
  const std::vector<std::string> expected{"step", "append", "release", "release"};
  BOOST_TEST(order == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_record_is_the_input_as_the_role_saw_it_and_a_digest_of_each_effect) {
  std::vector<Input> seen;
  auto role = scripted([&](const Input& input, Effects& effects) {
    seen.push_back(input);
    effects.send(elsewhere, messages::Submit{});
    effects.emit(messages::Spawn{});
  });
  take(role, toys::say("word", 4));
  take(role);
  BOOST_REQUIRE_EQUAL(records.size(), 2U);
  std::string encoded;
  append_encoded(encoded, seen[0]);
  BOOST_TEST((records[0].input == encoded));
  BOOST_TEST(seen[0].now.since_boot.count() == now().since_boot.count());
  BOOST_TEST(seen[0].wall.milliseconds == wall().milliseconds);
  BOOST_TEST((seen[0].cause.who == elsewhere));
  BOOST_TEST((records[0].role == self_id));
  BOOST_TEST(records[0].sequence.value == 1U);
  BOOST_TEST(records[1].sequence.value == 2U);
  const std::vector<std::uint64_t> digests{
      digest_of(Effect{send(elsewhere, messages::Submit{})}).value,
      digest_of(Effect{messages::Spawn{}}).value};
  BOOST_TEST(records[0].effects == digests, boost::test_tools::per_element());
  BOOST_TEST(records[0].failure == "");
}

BOOST_AUTO_TEST_CASE(an_effect_is_caused_by_this_input_and_keeps_its_trace) {
  emit({send(elsewhere, messages::Submit{}), messages::Spawn{}});
  BOOST_REQUIRE(released.size() == 1 && waiting.size() == 1);
  for (const auto& effect : {released[0], waiting[0]}) {
    BOOST_TEST((effect.trace == messages::TraceId{5}));
    BOOST_TEST((effect.cause.who == here));
    BOOST_TEST(effect.cause.sequence.value == 1U);
  }
}

BOOST_AUTO_TEST_CASE(the_table_of_marks_says_what_goes_at_once) {
  const messages::Address neighbour{toys::node, circuit(7)};
  const std::vector<Effect::Body> at_once{send(elsewhere, messages::Submit{}),
                                          send(elsewhere, messages::Reply{}),
                                          send(elsewhere, messages::Watch{}),
                                          send(elsewhere, messages::SinkEffect{}),
                                          send(toys::client(), messages::Reply{}),
                                          send(neighbour, messages::Committed{}),
                                          send(neighbour, messages::Applied{}),
                                          messages::Restart{},
                                          messages::Retire{circuit(7)}};
  const std::vector<Effect::Body> after_the_sync{send(here, messages::Self{}),
                                                 send(here, messages::SinkAck{}),
                                                 send(elsewhere, messages::SinkAck{}),
                                                 send(elsewhere, messages::Committed{}),
                                                 send(elsewhere, messages::Applied{}),
                                                 send(elsewhere, messages::Events{}),
                                                 send(toys::client(), toys::told("x")),
                                                 messages::Spawn{},
                                                 messages::EndChild{},
                                                 messages::SweepCircuit{},
                                                 messages::StopNode{}};
  for (const auto& body : at_once) emit({body});
  BOOST_TEST(released.size() == at_once.size());
  BOOST_TEST(waiting.size() == 0U);
  for (const auto& body : after_the_sync) emit({body});
  BOOST_TEST(released.size() == at_once.size());
  BOOST_TEST(waiting.size() == after_the_sync.size());
}

// docs/follow-a-message.md, what waits for the disk: only what holds something back causes a sync.
BOOST_AUTO_TEST_CASE(a_turn_is_urgent_when_something_waits_for_it_and_lazy_when_it_keeps_in_touch) {
  const messages::Envelope hears{elsewhere, {messages::Contact{}, messages::Hello{}}};
  const messages::Envelope is_told{elsewhere, {messages::Submit{}}};
  const auto answer = send(elsewhere, messages::Contact{});
  const Effect::Body says{Send{elsewhere, {messages::Contact{}, messages::Hello{}}}};
  const auto urgency = [this](const Input::Body& body, std::vector<Effect::Body> effects) {
    auto role = scripted([&](const Input&, Effects& out) {
      for (const auto& effect : effects) out.emit(effect);
    });
    take(role, body);
    return urgencies.back();
  };
  using enum Urgency;
  BOOST_CHECK(urgency(hears, {}) == lazy);
  BOOST_CHECK(urgency(hears, {answer}) == lazy);
  BOOST_CHECK(urgency(hears, {answer, send(elsewhere, messages::Claim{})}) == lazy);
  BOOST_CHECK(urgency(hears, {answer, send(elsewhere, messages::Grant{})}) == at_once);
  BOOST_CHECK(urgency(messages::Due{}, {says, says}) == lazy);
  BOOST_CHECK(urgency(messages::Due{}, {}) == lazy);
  BOOST_CHECK(urgency(messages::Due{}, {says, send(elsewhere, messages::Claim{})}) == soon);
  BOOST_CHECK(urgency(messages::Due{}, {says, send(here, messages::OwnVote{})}) == at_once);
  BOOST_CHECK(urgency(is_told, {}) == soon);
  BOOST_CHECK(urgency(is_told, {says}) == soon);
  const std::vector<bool> of_hellos{true,  true,  true,  true,  false,
                                    false, false, false, false, false};
  BOOST_TEST(hello == of_hellos, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_hello_that_breaks_the_role_is_urgent) {
  auto role = scripted([](const Input&, Effects&) { messages::ensure(false, "water is wet"); });
  take(role, messages::Envelope{elsewhere, {messages::Contact{}}});
  BOOST_TEST(hello.back());
  BOOST_CHECK(urgencies.back() == Urgency::at_once);
}

BOOST_AUTO_TEST_CASE(nothing_leaves_the_node_before_booted_is_synced) {
  auto role = scripted([](const Input&, Effects& effects) {
    effects.send(elsewhere, messages::Submit{});
    effects.send(here, messages::Submit{});
  });
  take(role, messages::Booted{});
  take(role);
  BOOST_TEST(released.size() == 2U);  // what stays goes
  BOOST_TEST(waiting.size() == 2U);
  durable = {1};
  take(role);
  BOOST_TEST(released.size() == 4U);
  BOOST_TEST(waiting.size() == 2U);
}

BOOST_AUTO_TEST_CASE(both_what_goes_and_what_waits_keep_their_order) {
  const std::vector<Effect::Body> bodies{
      messages::Spawn{{{1}, {}, {}}, {}}, send(elsewhere, messages::Submit{{1}, {}, {}}),
      messages::Spawn{{{2}, {}, {}}, {}}, send(elsewhere, messages::Submit{{2}, {}, {}}),
      messages::Spawn{{{3}, {}, {}}, {}}};
  emit(bodies);
  const std::vector<std::string> went{text(bodies[1]), text(bodies[3])};
  const std::vector<std::string> waits{text(bodies[0]), text(bodies[2]), text(bodies[4])};
  BOOST_TEST(texts(released) == went, boost::test_tools::per_element());
  BOOST_TEST(texts(waiting) == waits, boost::test_tools::per_element());
  BOOST_TEST(records[0].effects.size() == bodies.size());
}

BOOST_AUTO_TEST_CASE(a_broken_invariant_is_recorded_and_its_half_made_effects_are_dropped) {
  auto role = scripted([](const Input&, Effects& effects) {
    effects.send(elsewhere, messages::Submit{});
    effects.emit(messages::Spawn{});
    messages::ensure(false, "water is wet");
  });
  BOOST_TEST(take(role) == "water is wet");
  BOOST_REQUIRE_EQUAL(records.size(), 1U);
  BOOST_TEST(records[0].failure == "water is wet");
  BOOST_TEST(records[0].effects.size() == 0U);
  BOOST_TEST(released.size() + waiting.size() == 0U);
  BOOST_TEST((role.role == nullptr));
}

BOOST_AUTO_TEST_CASE(what_the_library_throws_is_a_broken_invariant_too) {
  auto role = scripted([](const Input&, Effects&) { (void)std::optional<int>().value(); });
  BOOST_TEST(take(role) != "");
  BOOST_REQUIRE_EQUAL(records.size(), 1U);
  BOOST_TEST(records[0].failure != "");
}

BOOST_AUTO_TEST_CASE(a_broken_circuit_is_quarantined_and_its_verdict_goes_out) {
  ActiveRole broken{circuit(7), catalogue.make(circuit(7)), {}};
  BOOST_TEST(take(broken, toys::say("break")) == "");
  BOOST_REQUIRE_EQUAL(records.size(), 1U);
  BOOST_TEST(records[0].failure == "a toy holds");
  BOOST_REQUIRE_EQUAL(waiting.size(), 1U);
  BOOST_TEST(toys::what_was_told(waiting[0].effect) == "quarantined: a toy holds");
  BOOST_TEST(records[0].effects.front() == digest_of(waiting[0].effect).value);

  BOOST_TEST(take(broken, toys::say("add", 1)) == "");  // goes on, as what stands in its place
  BOOST_TEST(records[1].failure == "");
  BOOST_TEST(toys::what_was_told(waiting[1].effect) == "quarantined: a toy holds");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::persistence
