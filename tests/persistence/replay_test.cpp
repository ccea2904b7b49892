#include "persistence/replay.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <ostream>

#include "messages/codec.hpp"
#include "messages/digest.hpp"
#include "persistence/memory_journal.hpp"
#include "persistence/turn.hpp"
#include "tests/toys/toy_role.hpp"

namespace queenright::persistence {
namespace {

using messages::Cause;
using messages::Effect;
using messages::Input;
using messages::Position;
using messages::RoleId;
using messages::RoleSequence;
using messages::TraceId;
using toys::circuit;
using toys::say;

const RoleId queen = messages::queen_role();

/// A node without threads: every turn is a block of its own.
class SmallNode : public Sequencer, public messages::Outlet, public messages::Clock {
 public:
  explicit SmallNode(toys::Chance chance = [] { return std::uint64_t{0}; })
      : catalogue_(std::move(chance)) {}

  /// One turn, and all turns that follow from it on this node.
  void take(RoleId id, Input::Body body) {
    deliver(id, {}, std::move(body));
    while (!inbox_.empty()) {
      auto [to, cause, next] = std::move(inbox_.front());
      inbox_.pop_front();
      deliver(to, cause, std::move(next));
    }
  }

  void snapshot(RoleId id) {
    const auto& self = roles_.at(id);
    const std::vector<Snapshot> taken{
        {id, self.sequence, journal.tail().last_position, 1, self.role->snapshot()}};
    journal.append({}, taken, {});
  }
  std::vector<Snapshot> snapshots() const { return journal.newest_snapshots().value(); }

  /// Puts a record into the journal which no role has made.
  void forge(const Record& record) {
    BlockBuilder builder;
    builder.append(record);
    Tail tail = journal.tail();
    const std::vector<std::string> blocks{builder.seal(tail, {})};
    journal.append(blocks, {}, {});
  }

  std::map<RoleId, std::string> states() const {
    std::map<RoleId, std::string> states;
    for (const auto& [id, active] : roles_) states[id] = active.role->text();
    return states;
  }

  messages::Position append(const TurnRecord& record, std::vector<HeldEffect> held) override {
    forge({record.role,
           record.sequence,
           std::string(record.input),
           {record.effects.begin(), record.effects.end()},
           std::string(record.failure)});
    for (auto& effect : held) release(effect.trace, effect.cause, std::move(effect.effect));
    return synced();
  }
  void add_snapshot(RoleId, messages::RoleSequence, std::uint32_t, std::string) override {}
  void forget_snapshot(RoleId) override {}
  messages::Position synced() const override { return journal.tail().last_position; }
  void release(TraceId, Cause cause, Effect effect) override {
    if (const auto* retire = std::get_if<messages::Retire>(&effect.body))
      return inbox_.push_back({retire->role, cause, messages::Retired{}});
    auto* send = std::get_if<messages::Send>(&effect.body);
    if (send == nullptr || send->to.role.kind == messages::RoleKind::client) return;
    inbox_.push_back({send->to.role, cause, messages::Envelope{cause.who, std::move(send->items)}});
  }
  messages::Instant now() const override { return {std::chrono::seconds{3}}; }
  messages::WallTime wall() const override { return {4000}; }

  MemoryJournal journal;

 private:
  struct Next {
    RoleId to;
    Cause cause;
    Input::Body body;
  };

  void deliver(RoleId id, Cause cause, Input::Body body) {
    auto [place, fresh] = roles_.try_emplace(id);
    if (fresh) place->second = {id, catalogue_.make(id), {}};
    const bool retires = std::holds_alternative<messages::Retired>(body);
    const Position before{journal.tail().last_position.value + 1};
    if (!turn_.take(place->second, {}, cause, std::move(body)).empty())
      rebuild(place->second, before);
    if (retires) roles_.erase(id);
  }
  void rebuild(ActiveRole& fallen, Position before) {
    const auto sequence = fallen.sequence;
    fallen = rebuild_role(catalogue_, journal, snapshots(), fallen.id, before).value();
    fallen.sequence = sequence;
  }

  const toys::ToyCatalogue catalogue_;
  Turn turn_{toys::node, catalogue_, *this, *this, *this};
  std::map<RoleId, ActiveRole> roles_;
  std::deque<Next> inbox_;
};

/// A replay of everything that was recorded.
struct Replayed {
  explicit Replayed(const SmallNode& node, Position until = {}) : replay(catalogue, node.journal) {
    ran = static_cast<bool>(replay.run(until));
  }
  bool identical() const { return ran && !replay.divergence(); }
  std::map<RoleId, std::string> states() const {
    std::map<RoleId, std::string> states;
    for (const auto& [id, active] : replay.roles()) states[id] = active.role->text();
    return states;
  }

  toys::ToyCatalogue catalogue;
  Replay replay;
  bool ran = false;
};

const toys::ToyState& state_of(const ActiveRole& active) {
  return dynamic_cast<const toys::Toy&>(*active.role).state();
}

std::string encoded(Input::Body body) {
  std::string bytes;
  append_encoded(bytes, Input{{}, {}, {}, {}, std::move(body)});
  return bytes;
}

BOOST_FIXTURE_TEST_SUITE(replay, SmallNode)

BOOST_AUTO_TEST_CASE(what_was_recorded_replays_identically_to_the_same_states) {
  take(queen, messages::Booted{});
  take(queen, say("pass", 7));
  take(circuit(7), say("add", 3));
  take(circuit(7), say("tell"));
  take(queen, say("hold"));
  const Replayed again(*this);
  BOOST_TEST(again.identical());
  BOOST_TEST(again.replay.inputs() == 7U);  // with what `pass` and `hold` sent
  BOOST_TEST(again.replay.effects() == 4U);
  BOOST_TEST((again.states() == states()));
  BOOST_TEST(state_of(again.replay.roles().at(circuit(7))).total == 4U);
}

BOOST_AUTO_TEST_CASE(a_role_that_uses_chance_is_caught_where_it_did_with_both_effects) {
  std::uint64_t counter = 0;
  const toys::Chance chance = [&] { return ++counter; };
  SmallNode node(chance);
  node.take(queen, say("add", 1));
  node.take(circuit(7), say("tell"));
  node.take(circuit(7), say("roll"));
  node.take(queen, say("tell"));

  const toys::ToyCatalogue catalogue(chance);
  Replay replay(catalogue, node.journal);
  BOOST_REQUIRE(replay.run({}));
  BOOST_REQUIRE(replay.divergence());
  const auto& found = *replay.divergence();
  BOOST_TEST(found.position.value == 3U);
  BOOST_TEST((found.role == circuit(7)));
  BOOST_TEST(found.sequence.value == 2U);
  BOOST_TEST(found.what == "its effects differ");
  BOOST_TEST(found.input.find("roll") != std::string::npos);
  const Effect recorded{messages::Send{toys::client(), {toys::told("circuit/7: rolled 1")}}};
  const Effect replayed{messages::Send{toys::client(), {toys::told("circuit/7: rolled 2")}}};
  BOOST_REQUIRE_EQUAL(found.replayed.size(), 1U);
  BOOST_TEST(found.replayed.front() == text_of(replayed));
  BOOST_TEST(found.replayed_digests.front() == digest_of(replayed).value);
  BOOST_REQUIRE_EQUAL(found.recorded_digests.size(), 1U);
  BOOST_TEST(found.recorded_digests.front() == digest_of(recorded).value);
  BOOST_TEST(replay.inputs() == 3U);  // it stopped there
}

BOOST_AUTO_TEST_CASE(a_failure_replays_to_the_same_verdict_and_the_role_goes_on) {
  take(queen, say("add", 5));
  take(queen, say("break"));
  take(queen, say("add", 2));
  take(queen, say("break"));
  take(circuit(7), say("add", 1));
  take(circuit(7), say("break"));
  take(circuit(7), say("add", 1));
  const Replayed again(*this);
  BOOST_TEST(again.identical());
  BOOST_TEST(again.replay.inputs() == 7U);
  BOOST_TEST((again.states() == states()));
  BOOST_TEST(state_of(again.replay.roles().at(queen)).total == 7U);
  BOOST_TEST(again.replay.roles().at(queen).sequence.value == 4U);
  BOOST_TEST(again.replay.roles().at(circuit(7)).role->text().find("a toy holds") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_failure_that_does_not_repeat_is_a_difference) {
  forge({queen, {1}, encoded(say("add", 1)), {}, "something broke"});
  const Replayed again(*this);
  BOOST_REQUIRE(again.replay.divergence());
  BOOST_TEST(again.replay.divergence()->what == "it held, recorded: something broke");
}

BOOST_AUTO_TEST_CASE(a_failure_that_was_not_recorded_is_a_difference) {
  forge({queen, {1}, encoded(say("break")), {}, ""});
  const Replayed again(*this);
  BOOST_REQUIRE(again.replay.divergence());
  BOOST_TEST(again.replay.divergence()->what == "it broke: a toy holds, recorded: held");
}

BOOST_AUTO_TEST_CASE(a_role_starts_at_its_snapshot_and_the_others_at_theirs) {
  take(queen, say("add", 1));
  take(circuit(7), say("add", 10));
  snapshot(queen);
  take(circuit(7), say("add", 20));
  snapshot(circuit(7));
  take(queen, say("add", 2));
  take(circuit(7), say("add", 40));

  toys::ToyCatalogue catalogue;
  Replay replay(catalogue, journal);
  BOOST_REQUIRE(replay.start_from(snapshots()));
  BOOST_REQUIRE(replay.run({}));
  BOOST_TEST(!replay.divergence());
  BOOST_TEST(replay.inputs() == 2U);
  BOOST_TEST(state_of(replay.roles().at(queen)).total == 3U);
  BOOST_TEST(state_of(replay.roles().at(circuit(7))).total == 70U);
  BOOST_TEST(replay.roles().at(circuit(7)).sequence.value == 3U);
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_is_not_what_the_inputs_made_is_noticed) {
  take(queen, say("add", 1));
  const std::vector<Snapshot> wrong{
      {queen, {1}, {1}, 1, toys::Toy(queen, {2, 0, {}}, nullptr).snapshot()}};
  take(queen, say("tell"));

  toys::ToyCatalogue catalogue;
  Replay replay(catalogue, journal);
  BOOST_REQUIRE(replay.start_from(wrong));
  BOOST_REQUIRE(replay.run({}));
  BOOST_REQUIRE(replay.divergence());
  BOOST_TEST(replay.divergence()->position.value == 2U);
}

BOOST_AUTO_TEST_CASE(a_snapshot_of_another_version_is_refused_by_name) {
  toys::ToyCatalogue catalogue;
  Replay replay(catalogue, journal);
  const auto started = replay.start_from({{queen, {1}, {1}, 9, "of the future"}});
  BOOST_REQUIRE(!started);
  BOOST_TEST(started.reason() ==
             "the snapshot of queen was written by version 9: no toy of this version");
}

BOOST_AUTO_TEST_CASE(one_role_can_be_followed_alone) {
  take(queen, say("pass", 7));
  take(circuit(8), say("add", 1));
  take(circuit(7), say("add", 4));

  toys::ToyCatalogue catalogue;
  Replay replay(catalogue, journal);
  replay.only(circuit(7));
  BOOST_REQUIRE(replay.run({}));
  BOOST_TEST(replay.inputs() == 2U);
  BOOST_TEST(replay.roles().size() == 1U);
  BOOST_TEST(state_of(replay.roles().at(circuit(7))).total == 5U);
}

BOOST_AUTO_TEST_CASE(a_replay_ends_where_it_is_told) {
  for (int i = 0; i < 5; ++i) take(queen, say("add", 1));
  const Replayed again(*this, Position{3});
  BOOST_TEST(again.identical());
  BOOST_TEST(again.replay.inputs() == 3U);
  BOOST_TEST(state_of(again.replay.roles().at(queen)).total == 3U);
}

BOOST_AUTO_TEST_CASE(a_role_that_retired_is_gone_but_its_end_is_kept_for_who_follows_it) {
  take(circuit(7), say("add", 6));
  take(circuit(7), say("retire"));
  take(queen, say("add", 1));
  const Replayed again(*this);
  BOOST_TEST(again.identical());
  BOOST_TEST(!again.replay.roles().contains(circuit(7)));
  BOOST_TEST((again.replay.retired() == nullptr));

  toys::ToyCatalogue catalogue;
  Replay replay(catalogue, journal);
  replay.only(circuit(7));
  BOOST_REQUIRE(replay.run({}));
  BOOST_REQUIRE(replay.retired() != nullptr);
  BOOST_TEST(state_of(*replay.retired()).total == 6U);
  BOOST_TEST(replay.retired()->sequence.value == 3U);
}

BOOST_AUTO_TEST_CASE(a_role_that_retired_before_the_snapshots_is_left_out) {
  take(circuit(7), say("add", 6));
  snapshot(circuit(7));
  take(queen, say("add", 1));
  snapshot(queen);
  take(circuit(7), say("retire"));
  take(queen, say("add", 1));

  toys::ToyCatalogue catalogue;
  Replay replay(catalogue, journal);
  auto newest = snapshots();
  std::erase_if(newest, [](const Snapshot& one) { return one.role == circuit(7); });
  BOOST_REQUIRE(replay.start_from(newest));
  BOOST_REQUIRE(replay.run({}));
  BOOST_TEST(!replay.divergence());
  BOOST_TEST(replay.roles().size() == 1U);
  BOOST_TEST(replay.inputs() == 1U);
}

BOOST_AUTO_TEST_CASE(a_missing_input_is_noticed_at_the_next_one_of_its_role) {
  take(queen, say("add", 1));
  forge({queen, {3}, encoded(say("add", 1)), {}, ""});
  const Replayed again(*this);
  BOOST_REQUIRE(again.replay.divergence());
  BOOST_TEST(again.replay.divergence()->position.value == 2U);
  BOOST_TEST(again.replay.divergence()->what == "an input of this role is missing before this one");
}

BOOST_AUTO_TEST_CASE(an_input_that_is_none_is_a_difference_with_its_position) {
  take(queen, say("add", 1));
  forge({queen, {2}, "\xff\xff", {}, ""});
  const Replayed again(*this);
  BOOST_REQUIRE(again.replay.divergence());
  BOOST_TEST(again.replay.divergence()->position.value == 2U);
  BOOST_TEST(again.replay.divergence()->input == "(not decodable)");
}

BOOST_AUTO_TEST_CASE(a_rebuilt_role_is_what_it_was_before_its_failure) {
  take(queen, say("add", 1));
  snapshot(queen);
  take(queen, say("add", 2));
  take(queen, say("break"));
  take(queen, say("add", 4));
  take(queen, say("break"));
  take(circuit(7), say("add", 100));

  toys::ToyCatalogue catalogue;
  const auto now = rebuild_role(catalogue, journal, snapshots(), queen, {7});
  BOOST_REQUIRE(now);
  BOOST_TEST(state_of(now.value()).total == 7U);
  BOOST_TEST(now.value().sequence.value == 5U);
  const auto without_snapshots = rebuild_role(catalogue, journal, {}, queen, {7});
  BOOST_TEST(state_of(without_snapshots.value()).total == 7U);
  const auto earlier = rebuild_role(catalogue, journal, {}, queen, {3});
  BOOST_TEST(state_of(earlier.value()).total == 3U);
}

BOOST_AUTO_TEST_CASE(a_role_that_breaks_while_it_is_rebuilt_is_refused) {
  forge({queen, {1}, encoded(say("break")), {}, ""});
  toys::ToyCatalogue catalogue;
  const auto rebuilt = rebuild_role(catalogue, journal, {}, queen, {2});
  BOOST_REQUIRE(!rebuilt);
  BOOST_TEST(rebuilt.reason() == "queen breaks where it held before");
}

BOOST_AUTO_TEST_CASE(the_block_of_a_position_is_found_among_blocks_of_any_size) {
  std::vector<std::uint64_t> expected;  // of position 1, 2, ...
  std::uint64_t number = 0;
  for (const std::uint32_t records : {1, 3, 2, 7, 1}) {
    ++number;
    BlockBuilder builder;
    for (std::uint32_t i = 0; i < records; ++i) {
      expected.push_back(number);
      builder.append(Record{queen, {expected.size()}, encoded(messages::Due{}), {}, ""});
    }
    Tail tail = journal.tail();
    const std::vector<std::string> blocks{builder.seal(tail, {})};
    journal.append(blocks, {}, {});
  }
  for (std::uint64_t position = 1; position <= expected.size(); ++position)
    BOOST_TEST(block_of(journal, {position}).value == expected[position - 1]);
  BOOST_TEST(block_of(journal, {expected.size() + 1}).value == number);
  journal.drop_before({3});
  BOOST_TEST(block_of(journal, {1}).value == 3U);  // the first one there is
  BOOST_TEST(block_of(journal, {8}).value == 4U);
}

BOOST_AUTO_TEST_CASE(the_consequences_of_a_turn_are_what_was_really_received) {
  take(queen, say("pass", 7));
  take(queen, say("pass", 8));
  take(queen, say("pass", 9));
  const auto found = consequences(journal, {3}, queen, {2});
  BOOST_REQUIRE_EQUAL(found.size(), 1U);
  BOOST_TEST(found.front().starts_with("circuit/8 <- "));
  BOOST_TEST(consequences(journal, {1}, queen, {4}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::persistence
