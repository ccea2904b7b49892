#include <boost/test/unit_test.hpp>

#include "actors/roles/hive/hive.hpp"
#include "actors/roles/report.hpp"
#include "tests/actors/roles/applier.hpp"
#include "tests/restored_anywhere.hpp"

namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(hive)

using messages::CircuitId;
using messages::CleanUp;
using messages::OfferWorker;
using messages::OpenCircuit;
using messages::OpenRun;
using messages::Propose;
using messages::RegisterWorker;
using messages::RunChanged;
using messages::RunStatus;
using messages::Value;
using std::chrono::seconds;

class LoneHive : public Applier {
 public:
  LoneHive() : Applier(messages::hive_circuit) {}

  messages::AppliedEntry open(const std::string& plan = "census") {
    return commit(OpenRun{plan, "sha256:" + plan, "key", {}});
  }
  messages::AppliedEntry enroll(const messages::Address& worker = worker_address,
                                std::uint32_t slots = 4) {
    messages::WorkerOffer offer;
    offer.slots = slots;
    return commit(RegisterWorker{worker, offer, {++sessions_}, {1}});
  }
  messages::AppliedEntry change(std::uint64_t circuit, RunStatus status) {
    return commit(RunChanged{{circuit}, status, 0, "reason"});
  }
  const HiveState& state() const { return dynamic_cast<const Hive&>(role()).state(); }

 private:
  std::uint64_t sessions_ = 0;
};

/// Which circuits were offered which worker.
using Offers = std::vector<std::pair<CircuitId, messages::Address>>;
Offers offers_in(const messages::AppliedEntry& made) {
  Offers offers;
  for (const auto& propose : of_kind<Propose>(made.effects))
    if (const auto* offer = std::get_if<OfferWorker>(&propose.command))
      offers.emplace_back(propose.circuit, offer->worker);
  return offers;
}

BOOST_AUTO_TEST_CASE(a_run_gets_the_next_circuit_and_a_name_and_its_opener_opens_it) {
  LoneHive hive;
  for (std::int64_t number = 1; number <= 3; ++number) {
    const auto made = hive.open();
    BOOST_CHECK((made.result ==
                 Value::Map{{"circuit", number}, {"run", "census-" + std::to_string(number)}}));
    const auto opened = of_kind<OpenCircuit>(made.effects).at(0);
    BOOST_CHECK(opened.circuit == CircuitId{static_cast<std::uint64_t>(number)});
    BOOST_TEST(opened.opener.value == 1U);
  }
  BOOST_TEST(hive.state().runs.size() == 3U);
  BOOST_TEST(!hive.applied().finished);
}

BOOST_AUTO_TEST_CASE(workers_and_runs_find_each_other_in_either_order) {
  LoneHive hive;
  BOOST_TEST(offers_in(hive.open()).empty());
  BOOST_CHECK((offers_in(hive.enroll()) == Offers{{{1}, worker_address}}));
  BOOST_CHECK((offers_in(hive.open()) == Offers{{{2}, worker_address}}));
  BOOST_CHECK(
      (offers_in(hive.enroll(other_worker)) == Offers{{{1}, other_worker}, {{2}, other_worker}}));
  BOOST_CHECK((offers_in(hive.open()) == Offers{{{3}, worker_address}, {{3}, other_worker}}));
}

BOOST_AUTO_TEST_CASE(a_circuit_is_opened_before_a_worker_is_offered_to_it) {
  LoneHive hive;
  hive.enroll();
  const auto made = hive.open();
  BOOST_TEST(made.effects.size() == 2U);
  BOOST_CHECK(std::holds_alternative<OpenCircuit>(made.effects[0]));
}

BOOST_AUTO_TEST_CASE(a_worker_is_offered_again_in_each_later_session_and_with_what_it_offers_then) {
  LoneHive hive;
  hive.open();
  messages::WorkerOffer offer;
  offer.slots = 4;
  const RegisterWorker first{worker_address, offer, {1}, {1}};
  const auto told = of_kind<Propose>(hive.commit(first).effects);
  BOOST_TEST(told.size() == 1U);
  BOOST_TEST(hive.commit(first).effects.empty());  // said twice
  offer.slots = 8;
  const auto changed =
      of_kind<Propose>(hive.commit(RegisterWorker{worker_address, offer, {2}, {1}}).effects);
  BOOST_CHECK(changed.at(0).key != told[0].key);
  const auto& again = std::get<OfferWorker>(changed[0].command);
  BOOST_TEST(again.offer.slots == 8U);
  BOOST_TEST(again.session.value == 2U);
  BOOST_TEST(hive.commit(first).refused == "a later life of this worker has registered");
  BOOST_TEST(hive.state().workers.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_run_is_cleaned_up_on_every_worker_once) {
  LoneHive hive;
  hive.enroll();
  hive.enroll(other_worker);
  hive.open();
  BOOST_TEST(hive.change(1, RunStatus::running).effects.empty());
  BOOST_TEST(hive.change(1, RunStatus::awaiting_operator).effects.empty());
  const auto sweeps = of_kind<CleanUp>(hive.change(1, RunStatus::succeeded).effects);
  BOOST_TEST(sweeps.size() == 2U);
  BOOST_CHECK(sweeps[0].worker == worker_address);
  BOOST_CHECK(sweeps[1].worker == other_worker);
  BOOST_TEST(sweeps[0].circuit.value == 1U);

  const auto late = hive.change(1, RunStatus::failed);
  BOOST_TEST(late.refused == "the run is over");
  BOOST_TEST(late.effects.empty());
  BOOST_CHECK(hive.state().runs.at({1}).status == RunStatus::succeeded);
  BOOST_TEST(offers_in(hive.enroll(worker_address, 9)).empty());
}

// A circuit that is quarantined before its plan came has never said that it runs.
BOOST_AUTO_TEST_CASE(a_run_may_fail_before_it_began) {
  LoneHive hive;
  hive.enroll();
  hive.open();
  BOOST_TEST(of_kind<CleanUp>(hive.change(1, RunStatus::failed).effects).size() == 1U);
  BOOST_TEST(hive.state().runs.at({1}).reason == "reason");
  BOOST_CHECK(!hive.applied().deadline.has_value());
}

BOOST_AUTO_TEST_CASE(a_run_whose_plan_does_not_come_within_a_minute_is_told_to_end_once) {
  LoneHive hive;
  hive.wait(seconds{5});
  hive.open();
  hive.wait(seconds{10});
  hive.open();
  BOOST_CHECK(hive.applied().deadline == seconds{65});
  hive.change(2, RunStatus::running);
  hive.wait(seconds{49});
  BOOST_TEST(hive.commit(messages::TimePassed{}).effects.empty());  // a second early
  hive.wait(seconds{1});
  const auto told = of_kind<Propose>(hive.commit(messages::TimePassed{}).effects);
  BOOST_TEST(told.size() == 1U);
  BOOST_TEST(told[0].circuit.value == 1U);
  BOOST_TEST(std::get<messages::AbandonRun>(told[0].command).reason == "its plan never came");
  BOOST_CHECK(!hive.applied().deadline.has_value());
  BOOST_TEST(hive.commit(messages::TimePassed{}).effects.empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_for_the_hive_is_refused) {
  LoneHive hive;
  BOOST_TEST(hive.change(7, RunStatus::failed).refused == "there is no such run");
  BOOST_TEST(hive.commit(messages::CancelRun{}).refused == "not a command of the hive circuit");
  hive.open();
  BOOST_TEST(hive.change(1, RunStatus::queued).refused == "a run does not become queued again");
}

BOOST_AUTO_TEST_CASE(the_oldest_runs_that_are_over_are_forgotten_beyond_ten_thousand) {
  LoneHive hive;
  hive.remembers = false;
  for (std::uint64_t run = 1; run <= 10'000; ++run) {
    hive.open();
    if (run != 1) hive.change(run, RunStatus::cancelled);
  }
  hive.change(1, RunStatus::running);
  BOOST_TEST(hive.state().runs.size() == 10'000U);
  hive.open();
  BOOST_TEST(hive.state().runs.size() == 10'000U);
  BOOST_TEST(hive.state().runs.contains({1}));  // it runs
  BOOST_TEST(!hive.state().runs.contains({2}));
}

BOOST_AUTO_TEST_CASE(the_list_of_runs_says_what_became_of_each) {
  LoneHive hive;
  hive.open();
  hive.open("other");
  hive.change(1, RunStatus::failed);
  const auto runs = runs_of(hive.state());
  BOOST_TEST(runs.list()->size() == 2U);
  const auto& first = *runs.list()->at(0).map();
  BOOST_CHECK(first.at("run") == Value("census-1"));
  BOOST_CHECK(first.at("status") == Value("failed"));
  BOOST_CHECK(first.at("reason") == Value("reason"));
  BOOST_CHECK(first.at("ended") == Value("2023-11-14T22:13:20.000Z"));
  const auto& second = *runs.list()->at(1).map();
  BOOST_CHECK(second.at("status") == Value("queued"));
  BOOST_TEST(second.at("ended").is_null());
}

BOOST_AUTO_TEST_CASE(a_hive_restored_between_any_two_inputs_goes_on_as_if_nothing_had_been) {
  LoneHive hive;
  hive.open();
  hive.enroll();
  hive.open();
  hive.say_again();
  hive.change(1, RunStatus::running);
  hive.wait(seconds{60});
  hive.commit(messages::TimePassed{});
  hive.change(1, RunStatus::succeeded);
  hive.change(2, RunStatus::cancelled);
  const auto role = messages::circuit_role(messages::hive_circuit);
  messages::same_from_every_snapshot(
      hive.inputs(), *make_role(role),
      [role](const std::string& snapshot) { return restore_role(role, snapshot); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
