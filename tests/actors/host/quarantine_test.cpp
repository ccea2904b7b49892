#include <boost/test/unit_test.hpp>

#include "actors/host/node.hpp"
#include "actors/host/node_clock.hpp"
#include "actors/roles/catalogue.hpp"
#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/hive/hive.hpp"
#include "actors/roles/plan/plan.hpp"
#include "messages/ensure.hpp"
#include "messages/reader.hpp"
#include "persistence/memory_journal.hpp"
#include "persistence/replay.hpp"
#include "tests/toys/ears.hpp"

/// Real runs on real roles, of which one circuit is wrong.
namespace queenright::host {
namespace {
BOOST_AUTO_TEST_SUITE(quarantine)

using messages::CircuitId;
using messages::Events;
using messages::Input;
using messages::Reply;
using messages::RoleId;
using messages::Submit;

/// A circuit that breaks when the attempt at its second task has ended.
class WrongCircuit : public roles::Circuit {
 public:
  using Circuit::Circuit;

 protected:
  messages::AppliedEntry apply(messages::CommittedEntry entry) override {
    const auto* ended = std::get_if<messages::AttemptEnded>(&entry.command);
    const bool wrong = ended != nullptr && ended->task.value == 2;
    auto made = Circuit::apply(std::move(entry));
    messages::ensure(!wrong, "two and two are four");
    return made;
  }
};

/// The real catalogue, but circuit 1 is a wrong one.
class WrongCatalogue : public messages::Catalogue {
 public:
  std::unique_ptr<messages::Role> make(RoleId role) const override {
    if (role != toys::circuit(1)) return real_.make(role);
    return std::make_unique<WrongCircuit>(CircuitId{1});
  }
  messages::Result<std::unique_ptr<messages::Role>> restore(
      RoleId role, std::string_view snapshot) const override {
    if (role != toys::circuit(1)) return real_.restore(role, snapshot);
    auto wrong = std::make_unique<WrongCircuit>(CircuitId{1});
    const auto resumed =
        wrong->resume(messages::decode<roles::ReplicaSnapshot>(snapshot.substr(1)).value());
    BOOST_REQUIRE(resumed);
    return std::unique_ptr<messages::Role>(std::move(wrong));
  }
  std::unique_ptr<messages::Role> quarantine(RoleId role, std::unique_ptr<messages::Role> broken,
                                             const Input& input, const std::string& reason,
                                             messages::Effects& effects) const override {
    return real_.quarantine(role, std::move(broken), input, reason, effects);
  }
  std::uint32_t version() const override { return real_.version(); }

 private:
  const roles::RoleCatalogue real_{roles::embedded_supervision()};
};

roles::Plan three_steps() {
  roles::Plan plan;
  plan.title = "three";
  for (std::uint32_t i = 0; i < 3; ++i) {
    roles::Step step;
    step.id = "step" + std::to_string(i);
    step.max_parallel = 1;
    step.retry.attempts = 1;
    if (i > 0) step.needs = {i - 1};
    plan.steps.push_back(step);
  }
  return plan;
}

template <class Kind>
std::vector<Kind> items_in(const std::vector<toys::Ears::Heard>& heard) {
  std::vector<Kind> found;
  for (const auto& one : heard)
    if (const auto* send = std::get_if<messages::Send>(&one.effect.body))
      for (const auto& item : send->items)
        if (const auto* wanted = std::get_if<Kind>(&item)) found.push_back(*wanted);
  return found;
}

struct RealNode {
  explicit RealNode(std::shared_ptr<persistence::MemoryDisk> on) : disk(std::move(on)) {
    persistence::Replay replay(catalogue, journal);
    BOOST_REQUIRE(replay.start_from(journal.newest_snapshots().value()));
    BOOST_REQUIRE(replay.run({}));
    BOOST_REQUIRE(!replay.divergence());
    messages::Booted booted;
    booted.timing = messages::usual_timing;
    booted.node = toys::node;
    booted.queens = {toys::node};
    booted.worker.slots = 2;
    node.start(std::move(replay.roles()), booted);
  }

  void tell_queen(messages::Item item) {
    node.deliver(messages::queen_role(), {}, {},
                 messages::Envelope{toys::client(), {std::move(item)}});
  }
  Reply ask(const Submit& submit) {
    tell_queen(submit);
    std::vector<Reply> replies;
    BOOST_REQUIRE(ears.wait_until([&](const std::vector<toys::Ears::Heard>& heard) {
      replies = items_in<Reply>(heard);
      std::erase_if(replies, [&](const Reply& reply) {
        return reply.circuit != submit.circuit || reply.key != submit.key;
      });
      return !replies.empty();
    }));
    return replies.front();
  }
  CircuitId begin(const std::string& key) {
    const auto plan = messages::encode(three_steps());
    const auto opened =
        ask({messages::hive_circuit, {key, 0}, messages::OpenRun{"three", "hash", key}});
    BOOST_REQUIRE(opened.answered == messages::Answered::ok);
    const CircuitId circuit{
        static_cast<std::uint64_t>(*opened.result.map()->at("circuit").integer())};
    tell_queen(messages::Watch{circuit});
    ask({circuit, {"begin", 0}, messages::Begin{plan, "hash", key, key}});
    return circuit;
  }

  /// How the run of this circuit ended.
  messages::RunEvent end_of(CircuitId circuit) {
    messages::RunEvent end;
    BOOST_REQUIRE(ears.wait_until([&](const std::vector<toys::Ears::Heard>& heard) {
      for (const auto& events : items_in<Events>(heard))
        for (const auto& event : events.events)
          if (events.circuit == circuit && event.step.empty() && event.state != "running" &&
              event.state != "closed")
            end = event;
      return !end.state.empty();
    }));
    return end;
  }
  bool is_swept(CircuitId circuit) {
    return ears.wait_until([&](const std::vector<toys::Ears::Heard>& heard) {
      return std::any_of(heard.begin(), heard.end(), [&](const toys::Ears::Heard& one) {
        const auto* sweep = std::get_if<messages::SweepCircuit>(&one.effect.body);
        return sweep != nullptr && sweep->circuit == circuit;
      });
    });
  }

  const std::shared_ptr<persistence::MemoryDisk> disk;
  const WrongCatalogue catalogue;
  persistence::MemoryJournal journal{disk};
  toys::Ears ears;
  const NodeClock clock;
  Node node{{toys::node, catalogue, journal, ears, clock, [](const std::string&) {}, [] {}}};
};

BOOST_AUTO_TEST_CASE(a_run_whose_circuit_breaks_ends_failed_and_no_other_one_does) {
  const auto disk = std::make_shared<persistence::MemoryDisk>();
  {
    RealNode node(disk);
    const auto wrong = node.begin("wrong");
    const auto right = node.begin("right");
    BOOST_REQUIRE((wrong == CircuitId{1}));
    const auto end = node.end_of(wrong);
    BOOST_TEST(end.state == "failed");
    BOOST_TEST(end.reason == "quarantined: two and two are four");
    BOOST_TEST(node.end_of(right).state == "succeeded");
    BOOST_TEST(node.end_of(node.begin("another")).state == "succeeded");
    BOOST_TEST(node.is_swept(wrong));  // its attempts are ended
    node.node.stop();
  }
  const WrongCatalogue catalogue;
  const persistence::MemoryJournal journal(disk);
  persistence::Replay replay(catalogue, journal);
  BOOST_REQUIRE(replay.run({}));
  BOOST_TEST(!replay.divergence());
  const auto& hive = dynamic_cast<const roles::Hive&>(
      *replay.roles().at(messages::circuit_role(messages::hive_circuit)).role);
  const auto& record = hive.state().runs.at(CircuitId{1});
  BOOST_TEST((record.status == messages::RunStatus::failed));
  BOOST_TEST(record.reason == "quarantined: two and two are four");
  BOOST_TEST(record.exit_code == 1);
  BOOST_TEST((hive.state().runs.at(CircuitId{2}).status == messages::RunStatus::succeeded));
}

BOOST_AUTO_TEST_CASE(without_its_fault_the_same_journal_differs_where_the_circuit_broke) {
  const auto disk = std::make_shared<persistence::MemoryDisk>();
  {
    RealNode node(disk);
    const auto wrong = node.begin("wrong");
    node.end_of(wrong);
    node.node.stop();
  }
  const roles::RoleCatalogue catalogue(roles::embedded_supervision());
  const persistence::MemoryJournal journal(disk);
  persistence::Replay replay(catalogue, journal);
  BOOST_REQUIRE(replay.run({}));
  BOOST_REQUIRE(replay.divergence());
  BOOST_TEST((replay.divergence()->role == toys::circuit(1)));
  BOOST_TEST(replay.divergence()->what == "it held, recorded: two and two are four");
}

BOOST_AUTO_TEST_CASE(a_quarantined_run_stays_so_after_a_restart) {
  const auto disk = std::make_shared<persistence::MemoryDisk>();
  {
    RealNode node(disk);
    node.end_of(node.begin("wrong"));
    BOOST_REQUIRE(node.is_swept(CircuitId{1}));
    node.node.stop();
  }
  RealNode node(disk);
  BOOST_TEST(node.end_of(node.begin("right")).state == "succeeded");
  const auto again = node.ask({CircuitId{1}, {"late", 0}, messages::CancelRun{"late"}});
  BOOST_TEST((again.answered == messages::Answered::closed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::host
