#include "sim/faults/fault.hpp"

#include <boost/test/unit_test.hpp>

#include "sim/faults/time_text.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(fault)

using namespace std::chrono_literals;

Fault parsed(const std::string& line) {
  auto fault = parse_fault(line);
  BOOST_REQUIRE_MESSAGE(fault, line << ": " << (fault ? "" : fault.reason()));
  return std::move(fault).value();
}

std::string wrong_in(const std::string& line) {
  const auto fault = parse_fault(line);
  return fault ? "nothing" : fault.reason();
}

BOOST_AUTO_TEST_CASE(a_span_of_time_is_written_as_it_is_read) {
  for (const auto& [text, span] : std::vector<std::pair<std::string, Duration>>{
           {"0s", 0s}, {"1500ms", 1500ms}, {"40us", 40us}, {"7ns", 7ns}, {"3600s", 1h}}) {
    BOOST_TEST(time_text(span) == text);
    BOOST_TEST((time_of(text) == span));
  }
  BOOST_TEST((time_of("1.5s") == 1500ms));
  BOOST_TEST((time_of("-2.25ms") == -2250us));
  BOOST_TEST((time_of("2m") == 2min));
  for (const char* wrong :
       {"", "5", "ms", "1.s", "1..5s", "1.5", "1x", "99999h", "--1s", "1s ", ".5s"})
    BOOST_TEST(!time_of(wrong), wrong << " is no span");
}

BOOST_AUTO_TEST_CASE(a_fault_is_a_line_that_says_all_of_it) {
  const Fault expected{1200ms, 300ms, FaultKind::crash, {{1}, {3}}, 250};
  BOOST_TEST((parsed("at 1.2s for 300ms crash 1,3 kept=250  # both of them") == expected));
  BOOST_TEST(text_of(expected) == "at 1200ms for 300ms crash 1,3 kept=250");
  BOOST_TEST(text_of(parsed("at 2s cancel run=2")) == "at 2s cancel run=2");
  BOOST_TEST(text_of(parsed("at 2s wall-jump 1 by=-1h")) == "at 2s wall-jump 1 by=-3600s");
}

BOOST_AUTO_TEST_CASE(every_kind_goes_into_its_line_and_comes_back) {
  for (const auto& trait : fault_traits()) {
    BOOST_TEST((trait_of(trait.kind).name == trait.name));
    Fault fault{17ms, trait.lasts ? Duration{5ms} : Duration{}, trait.kind, {}, trait.amount.usual};
    for (std::uint16_t node = 1; node <= trait.nodes.least; ++node) fault.nodes.push_back({node});
    BOOST_TEST((parsed(text_of(fault)) == fault), text_of(fault));
    if (trait.amount.unit == AmountUnit::none) continue;
    fault.amount += 1'000'000;
    BOOST_TEST((parsed(text_of(fault)) == fault), text_of(fault));
  }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_in_a_line_is_said) {
  BOOST_TEST(wrong_in("crash 1") == "a fault begins with 'at TIME', as in 'at 1.5s crash 1'");
  BOOST_TEST(wrong_in("at") == "a time is missing after 'at'");
  BOOST_TEST(wrong_in("at -1s crash 1") == "'-1s' is no time; write 300ms or 1.5s");
  BOOST_TEST(wrong_in("at 5 crash 1") == "'5' is no time; write 300ms or 1.5s");
  BOOST_TEST(wrong_in("at 5s") == "a kind of fault is missing");
  BOOST_TEST(wrong_in("at 5s crush 1") == "there is no fault 'crush'; did you mean 'crash'?");
  BOOST_TEST(wrong_in("at 5s crash") == "crash needs WHO, as in 'crash 1'");
  BOOST_TEST(wrong_in("at 5s crash one") == "'one' are no nodes; write 1 or 1,3");
  BOOST_TEST(wrong_in("at 5s crash 1,1") == "'1,1' names node 1 twice");
  BOOST_TEST(wrong_in("at 5s crash 0") == "'0' are no nodes; write 1 or 1,3");
  BOOST_TEST(wrong_in("at 5s crash 1 keep=5") == "'keep=5' is unknown to crash; it takes kept=...");
  BOOST_TEST(wrong_in("at 5s crash 1 kept=x") == "'kept=x': write kept=NUMBER");
  BOOST_TEST(wrong_in("at 5s pause 1 2") == "'2' is unknown to pause; it takes nothing more");
  BOOST_TEST(wrong_in("at 5s for 1s wall-jump 1") == "wall-jump is over at once: it has no 'for'");
  BOOST_TEST(wrong_in("at 5s crash 1 kept=5 kept=6") == "crash has kept twice");
  BOOST_TEST(wrong_in("at 5s one-way 1,2,3") ==
             "one-way takes SPEAKER,HEARER, and no more than that");
  BOOST_TEST(wrong_in("at 5s loss 1") == "loss is about no node: it has no '1'");
}

BOOST_AUTO_TEST_CASE(a_list_of_faults_names_kinds_and_families) {
  const auto kinds = [](const char* list) { return parse_fault_kinds(list).value(); };
  BOOST_TEST((kinds("crash,clock") == std::vector{FaultKind::crash, FaultKind::rate,
                                                  FaultKind::wall_jump, FaultKind::suspend}));
  BOOST_TEST(kinds("none").empty());
  BOOST_TEST(kinds("clock,rate,rate").size() == 3U);
  BOOST_TEST(kinds("all").size() + kinds("beyond").size() == fault_traits().size());
  BOOST_TEST(parse_fault_kinds("netwrok").reason() ==
             "there are no faults 'netwrok'; did you mean 'network'?");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
