#include <boost/test/unit_test.hpp>

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/hive/hive.hpp"
#include "messages/digest.hpp"
#include "messages/ensure.hpp"
#include "messages/writer.hpp"
#include "tests/actors/roles/lone_circuit.hpp"
#include "tests/actors/roles/lone_replica.hpp"

/// What every queen's replica of a circuit has in common with all others.
namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(replica)

using messages::AppliedEntry;
using messages::BrokenInvariant;
using messages::CommittedEntry;
using messages::Item;
using messages::LogIndex;

constexpr messages::Address other_queen{{2}, {messages::RoleKind::queen, 0}};
constexpr auto circuit_of_run = LoneCircuit::circuit;

/// Breaks when it has half applied one entry.
class WrongCircuit : public Circuit {
 public:
  explicit WrongCircuit(LogIndex wrong) : Circuit(circuit_of_run), wrong_(wrong) {}

 protected:
  AppliedEntry apply(CommittedEntry entry) override {
    const bool breaks = entry.index == wrong_;
    auto made = Circuit::apply(std::move(entry));
    messages::ensure(!breaks, "two and two are four");
    return made;
  }

 private:
  LogIndex wrong_;
};

/// Commands of a run of three steps, to its end.
std::vector<CommittedEntry> some_entries() {
  LoneCircuit circuit(plan_of({exec("a"), exec("b", {0}), exec("c", {1})}));
  for (const char* step : {"a", "b", "c"}) circuit.end(step, succeeded(step));
  return entries_in(circuit.applier.inputs());
}

/// Commits all of them, so many at once, and gives what was made of each.
std::vector<messages::Digest> commit_by(LoneReplica& replica,
                                        const std::vector<CommittedEntry>& entries,
                                        std::size_t at_once) {
  std::vector<messages::Digest> made;
  for (std::size_t from = 0; from < entries.size(); from += at_once) {
    const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(from);
    const auto count = std::min(at_once, entries.size() - from);
    const auto applied = replica.commit({begin, begin + static_cast<std::ptrdiff_t>(count)});
    for (const auto& entry : applied.entries) made.push_back(digest_of(entry));
  }
  return made;
}

template <class Role>
LoneReplica wrong_at(std::uint64_t index) {
  return {circuit_of_run, std::make_unique<Role>(LogIndex{index})};
}

// A1
BOOST_AUTO_TEST_CASE(the_same_entries_give_the_same_state_however_they_came) {
  const auto entries = some_entries();
  LoneReplica one(circuit_of_run);
  LoneReplica other(circuit_of_run);
  const auto made = commit_by(one, entries, 1);
  BOOST_CHECK(commit_by(other, entries, 3) == made);
  one.commit({}, entries.back().index);  // its queen has taken in all, the other's nothing
  BOOST_TEST(one.role().snapshot() != other.role().snapshot());
  BOOST_TEST(one.checkpoint().state == other.checkpoint().state);
  BOOST_CHECK(one.checkpoint().applied == entries.back().index);
}

BOOST_AUTO_TEST_CASE(a_state_that_is_not_newer_is_not_taken) {
  const auto entries = some_entries();
  LoneReplica replica(circuit_of_run);
  commit_by(replica, {entries.begin(), entries.begin() + 3}, 3);
  const auto older = replica.checkpoint();
  commit_by(replica, entries, 1);
  const auto before = replica.role().snapshot();
  for (const std::uint64_t applied : {std::uint64_t{0}, older.applied.value, entries.size()}) {
    const auto said = replica.restore({circuit_of_run, {applied}, older.state});
    BOOST_TEST(said.finished);
    BOOST_TEST(said.entries.empty());
  }
  BOOST_TEST(replica.role().snapshot() == before);
}

BOOST_AUTO_TEST_CASE(a_newer_state_takes_the_place_of_all_that_was_there) {
  const auto entries = some_entries();
  LoneReplica ahead(circuit_of_run);
  commit_by(ahead, entries, 1);
  LoneReplica behind(circuit_of_run);
  commit_by(behind, {entries.begin(), entries.begin() + 2}, 2);
  BOOST_TEST(behind.restore(ahead.checkpoint()).finished);
  BOOST_TEST(behind.checkpoint().state == ahead.checkpoint().state);
  BOOST_CHECK(behind.role().progress().applied == entries.back().index);
  BOOST_TEST(behind.role().progress().unsettled.empty());
  behind.restore({circuit_of_run, {99}, {}});
  BOOST_TEST(behind.checkpoint().state == LoneReplica(circuit_of_run).checkpoint().state);
}

BOOST_AUTO_TEST_CASE(a_malformed_state_breaks_the_replica_and_its_stand_in_goes_on) {
  const messages::Checkpointed not_bytes{circuit_of_run, {5}, "\xff\xff"};
  const messages::Checkpointed of_another{
      circuit_of_run, {5}, LoneReplica(messages::CircuitId{9}).checkpoint().state};
  for (const auto& wrong : {not_bytes, of_another}) {
    LoneReplica replica(circuit_of_run);
    const auto said = replica.restore(wrong);
    BOOST_TEST(said.quarantined == "a circuit's state comes from a circuit");
    BOOST_TEST(replica.commit({some_entries().front()}).entries.empty());  // it is past that
  }
}

// A role that fails on an entry fails there on every queen alike.
BOOST_AUTO_TEST_CASE(a_circuit_breaks_at_one_entry_whatever_was_committed_with_it) {
  const auto entries = some_entries();
  for (std::uint64_t wrong = 1; wrong <= entries.size(); ++wrong) {
    LoneReplica right(circuit_of_run);
    const auto whole = commit_by(right, entries, 1);
    LoneReplica one = wrong_at<WrongCircuit>(wrong);
    const auto made = commit_by(one, entries, 1);
    BOOST_REQUIRE(made.size() == entries.size());
    for (std::uint64_t index = 1; index <= entries.size(); ++index) {
      const AppliedEntry refused{{index}, "quarantined: two and two are four", {}, {}, {}};
      BOOST_CHECK(made[index - 1] == (index < wrong ? whole[index - 1] : digest_of(refused)));
    }
    for (std::size_t at_once = 2; at_once <= entries.size(); ++at_once) {
      LoneReplica other = wrong_at<WrongCircuit>(wrong);
      BOOST_CHECK(commit_by(other, entries, at_once) == made);
      BOOST_TEST(other.checkpoint().state == one.checkpoint().state);
      BOOST_TEST(other.role().quarantined() == "two and two are four");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_replica_that_takes_the_state_of_a_quarantined_one_is_quarantined) {
  const auto entries = some_entries();
  LoneReplica broken = wrong_at<WrongCircuit>(3);
  commit_by(broken, {entries.begin(), entries.begin() + 4}, 4);
  LoneReplica healthy(circuit_of_run);
  const auto said = healthy.restore(broken.checkpoint());
  BOOST_TEST(said.quarantined == "two and two are four");
  BOOST_TEST(said.finished);
  const auto after = healthy.commit({entries[4]});
  BOOST_TEST(after.entries.at(0).refused == "quarantined: two and two are four");
  BOOST_TEST(healthy.checkpoint().state == broken.checkpoint().state);
  BOOST_TEST(healthy.read().refused == "quarantined: two and two are four");

  LoneReplica right(circuit_of_run);
  commit_by(right, entries, 1);
  BOOST_TEST(healthy.restore(right.checkpoint()).quarantined == "two and two are four");
  BOOST_CHECK(healthy.role().progress().applied == entries.back().index);
}

BOOST_AUTO_TEST_CASE(a_read_tells_how_a_run_is) {
  const auto entries = some_entries();
  LoneReplica replica(circuit_of_run);
  commit_by(replica, {entries.begin(), entries.end() - 1}, 2);
  const auto answer = replica.read();
  BOOST_CHECK((answer.key == messages::Key{"read", 1}));
  BOOST_CHECK((answer.applied == LogIndex{entries.size() - 1}));
  BOOST_TEST(answer.refused.empty());
  BOOST_TEST(to_json(answer.value) ==
             R"({"reason":"","run":"tried-1","running":{"worker@1":1},"status":"running",)"
             R"("steps":{"a":"succeeded","b":"succeeded","c":"assigned"}})");
}

BOOST_AUTO_TEST_CASE(a_read_of_the_hive_tells_its_newest_runs) {
  Applier hive(messages::hive_circuit);
  hive.commit(messages::RegisterWorker{worker_address, offer_of(worker_address).offer, {1}, {1}});
  for (int i = 0; i < 101; ++i) hive.commit(messages::OpenRun{"plan", "hash", "key", {}});
  hive.commit(messages::RunChanged{{101}, messages::RunStatus::running, 0, {}});
  LoneReplica replica(messages::hive_circuit);
  replica.commit(entries_in(hive.inputs()));
  const auto answer = replica.read();
  const auto& told = *answer.value.map();
  const auto& workers = *told.at("workers").map();
  BOOST_TEST(workers.size() == 1U);
  BOOST_CHECK(workers.at("worker@1").map()->at("standing") == messages::Value("good"));
  const auto& runs = *told.at("runs").map();
  BOOST_TEST(runs.size() == 100U);
  BOOST_TEST(!runs.contains("plan-1"));
  BOOST_CHECK(runs.at("plan-2") == messages::Value("queued"));
  BOOST_CHECK(runs.at("plan-101") == messages::Value("running"));
}

BOOST_AUTO_TEST_CASE(what_another_node_says_to_a_circuit_is_dropped) {
  const auto entries = some_entries();
  LoneReplica replica(circuit_of_run);
  BOOST_TEST(replica.hear(worker_address, {messages::Watch{}}).empty());  // not its queen
  commit_by(replica, {entries.begin(), entries.begin() + 2}, 2);
  const auto state = replica.checkpoint().state;
  const std::vector<Item> foreign{
      messages::Watch{}, messages::Committed{circuit_of_run, {entries[2]}, {}},
      messages::Checkpoint{circuit_of_run}, messages::Restore{circuit_of_run, {9}, {}}};
  BOOST_TEST(replica.hear(other_queen, foreign).empty());
  BOOST_TEST(replica.checkpoint().state == state);
  BOOST_TEST(replica.role().quarantined().empty());
  BOOST_TEST(replica.role().progress().dropped == 5U);
  replica.hear(worker_address, {messages::Watch{}});  // of its own node: a bug
  BOOST_TEST(!replica.role().quarantined().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
