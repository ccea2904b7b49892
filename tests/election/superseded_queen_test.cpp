#include <boost/test/unit_test.hpp>

#include "election/queen.hpp"

/// A queen who hears that a later life of her own is known: her journal is an old copy.
namespace queenright::election {
namespace {

constexpr NodeId self{1};
constexpr NodeId other{2};

class OldCopy {
 public:
  OldCopy() {
    messages::Booted booted;
    booted.incarnation = {4};
    booted.node = self;
    booted.timing = messages::usual_timing;
    booted.queens = {self, other, {3}};
    step(booted);
  }

  /// What `other` knows of her lives; gives how she takes it.
  std::optional<messages::StopNode> hears_of(Incarnation life) {
    Contact contact;
    contact.session = messages::first_session({1});
    contact.incarnations[self] = life;
    for (const auto& effect : step(messages::Envelope{{other, messages::queen_role()}, {contact}}))
      if (const auto* stop = std::get_if<messages::StopNode>(&effect.body)) return *stop;
    return std::nullopt;
  }

 private:
  std::vector<messages::Effect> step(messages::Input::Body body) {
    messages::Effects effects;
    queen_.step({{}, {}, {std::chrono::hours{1}}, {}, std::move(body)}, effects);
    return effects.take();
  }

  Queen queen_;
};

BOOST_FIXTURE_TEST_SUITE(superseded_queen, OldCopy)

BOOST_AUTO_TEST_CASE(a_queen_whose_later_life_is_known_stops_her_node) {
  const auto stop = hears_of({6});
  BOOST_REQUIRE(stop.has_value());
  BOOST_TEST(stop->exit_code == 6);
  BOOST_TEST(stop->reason ==
             "queen 2 knows start 6 of node 1, and this is only start 4: another process has this "
             "node's key, or its directory is an old copy");
}

BOOST_AUTO_TEST_CASE(a_queen_of_whom_the_present_life_is_known_goes_on) {
  BOOST_TEST(!hears_of({4}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::election
