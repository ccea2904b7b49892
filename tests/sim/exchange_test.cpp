#include "persistence/exchange.hpp"

#include <boost/test/unit_test.hpp>

#include "actors/roles/catalogue.hpp"
#include "persistence/memory_journal.hpp"
#include "sim/campaign/trial.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(exchange)

using namespace std::chrono_literals;
using persistence::Exchange;
using persistence::MemoryDisk;

/// What three queens and a worker wrote in two seconds, one of them crashed in the middle.
std::map<NodeId, MemoryDisk> recordings() {
  TrialSetup setup;
  setup.options.seed = 4;
  setup.options.queens = 3;
  setup.options.workers = 1;
  setup.phases = {2s, {}, 1s};
  setup.faults.push_back(parse_fault("at 1s for 100ms crash 2").value());
  Trial trial(std::move(setup));
  trial.run();
  std::map<NodeId, MemoryDisk> all;
  for (const auto& nodes : {trial.world().queens(), trial.world().workers()})
    for (const NodeId node : nodes) all.emplace(node, trial.world().recording(node));
  return all;
}

Exchange::Findings compared(const std::map<NodeId, MemoryDisk>& disks) {
  const roles::RoleCatalogue catalogue(roles::embedded_supervision());
  Exchange exchange;
  for (const auto& [node, disk] : disks) {
    const persistence::MemoryJournal journal(std::make_shared<MemoryDisk>(disk));
    BOOST_REQUIRE((persistence::node_of(journal).value() == node));
    persistence::Replay replay(catalogue, journal);
    replay.watched_by(*exchange.add(node, journal).value());
    BOOST_REQUIRE(replay.run({}));
    BOOST_REQUIRE(!replay.divergence());
  }
  return exchange.compare();
}

BOOST_AUTO_TEST_CASE(what_one_node_received_another_has_sent) {
  const auto found = compared(recordings());
  BOOST_TEST(found.matched > 100U);
  BOOST_TEST(found.never_sent == "");
  BOOST_TEST(found.absent.empty());
  BOOST_TEST(found.lost == 0U);
}

BOOST_AUTO_TEST_CASE(a_recording_that_was_cut_short_is_found_out_by_those_it_promised_something) {
  auto disks = recordings();
  auto& blocks = disks.at(NodeId{1}).blocks;
  blocks.resize(blocks.size() / 2);
  BOOST_TEST(compared(disks).never_sent.find("by the recording of node 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_node_without_a_recording_is_named_with_what_it_said) {
  auto disks = recordings();
  disks.erase(NodeId{3});
  const auto found = compared(disks);
  BOOST_TEST(found.absent.size() == 1U);
  BOOST_TEST(found.absent.at(NodeId{3}) > 10U);
}

BOOST_AUTO_TEST_CASE(a_damaged_recording_may_lack_what_others_received) {
  auto disks = recordings();
  const persistence::MemoryJournal empty;
  Exchange exchange;
  exchange.add(NodeId{1}, empty).value()->lost_some();
  const persistence::MemoryJournal journal(std::make_shared<MemoryDisk>(disks.at(NodeId{2})));
  const roles::RoleCatalogue catalogue(roles::embedded_supervision());
  persistence::Replay replay(catalogue, journal);
  replay.watched_by(*exchange.add(NodeId{2}, journal).value());
  BOOST_REQUIRE(replay.run({}));
  const auto found = exchange.compare();
  BOOST_TEST(found.never_sent == "");
  BOOST_TEST(found.lost > 10U);
}

BOOST_AUTO_TEST_CASE(two_recordings_of_one_node_are_refused) {
  const persistence::MemoryJournal one, other;
  Exchange exchange;
  BOOST_TEST(static_cast<bool>(exchange.add(NodeId{1}, one)));
  BOOST_TEST(!exchange.add(NodeId{1}, other));
  BOOST_TEST(!persistence::node_of(one));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
