#include "actors/roles/catalogue.hpp"

#include <boost/test/unit_test.hpp>

#include "messages/ensure.hpp"
#include "tests/actors/roles/lone_circuit.hpp"

namespace queenright::roles {
namespace {
BOOST_AUTO_TEST_SUITE(catalogue)

using messages::RoleId;
using messages::RoleKind;

const std::vector<RoleId> every_role{
    messages::supervisor_role(), messages::queen_role(), messages::worker_role(),
    messages::circuit_role(messages::hive_circuit), messages::circuit_role({7})};

BOOST_AUTO_TEST_CASE(every_role_comes_back_from_its_snapshot) {
  const RoleCatalogue known(embedded_supervision());
  for (const auto& id : every_role) {
    const auto role = known.make(id);
    const auto restored = known.restore(id, role->snapshot());
    BOOST_REQUIRE_MESSAGE(restored, name_of(id));
    BOOST_TEST(restored.value()->snapshot() == role->snapshot());
    BOOST_TEST(restored.value()->text() == role->text());
    BOOST_TEST(role->text().front() == '{');
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_snapshot_is_refused_with_a_reason) {
  const RoleCatalogue known(embedded_supervision());
  for (const auto& id : every_role) {
    const auto restored = known.restore(id, "R\xff\xff\xff");
    BOOST_REQUIRE_MESSAGE(!restored, name_of(id));
    BOOST_TEST(!restored.reason().empty());
  }
  BOOST_TEST(known.restore(messages::circuit_role({7}), "X").reason() ==
             "the snapshot of circuit/7 is of no kind that this version knows");
  BOOST_TEST(!known.restore({RoleKind::client, 1}, ""));
}

BOOST_AUTO_TEST_CASE(a_role_that_nobody_knows_is_not_made) {
  const RoleCatalogue known(embedded_supervision());
  BOOST_CHECK_THROW(known.make({RoleKind::client, 1}), messages::BrokenInvariant);
  BOOST_CHECK_THROW(known.make({}), messages::BrokenInvariant);
}

// A circuit is quarantined alone; other roles are restarted.
BOOST_AUTO_TEST_CASE(only_the_circuit_of_a_run_is_quarantined) {
  const RoleCatalogue known(embedded_supervision());
  const messages::Input input{{}, {}, {}, {}, messages::Due{}};
  messages::Effects effects;
  for (const auto& id : every_role)
    BOOST_CHECK((known.quarantine(id, known.make(id), input, "broken", effects) != nullptr) ==
                (id == messages::circuit_role({7})));
  BOOST_TEST(effects.take().empty());
}

BOOST_AUTO_TEST_CASE(an_embedded_hive_supervises_its_queen_its_worker_and_the_hive_circuit) {
  const auto spec = embedded_supervision();
  BOOST_CHECK(
      (spec.children == std::vector<RoleId>{messages::queen_role(), messages::worker_role(),
                                            messages::circuit_role(messages::hive_circuit)}));
  BOOST_CHECK(spec.strategy == Strategy::one_for_one);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::roles
