#include "election/rule_names.hpp"

#include <algorithm>
#include <array>

namespace queenright::election {
namespace {

using enum Rule;

constexpr std::array names{
    RuleName{two_way_support, "two-way-support", "R2", "only who hears is supported"},
    RuleName{epoch_a_withdrawal, "epoch-a-withdrawal", "R3",
             "support that was withdrawn begins anew, and voids grants"},
    RuleName{lease_from_sending, "lease-from-sending", "R4",
             "a lease counts from when the hello was sent"},
    RuleName{extended_by, "extended-by", "R4",
             "only a hello that extended support extends a lease"},
    RuleName{unbroken_grants, "unbroken-grants", "R5b",
             "a grant counts for lower ballots only while support was unbroken"},
    RuleName{leases, "leases", "R6.4", "nothing is granted against a lease"},
    RuleName{epoch_once, "epoch-once", "R6.5", "an epoch is granted once"},
    RuleName{majority, "majority", "R7", "a root has the promises of more than half"},
    RuleName{yield, "yield", "R8", "a candidate gives way to a higher one"},
    RuleName{lapse, "lapse", "R10", "a root without a majority steps down"},
    RuleName{bulk_release, "bulk-release", "R11", "who has lost the majority releases everything"},
    RuleName{feasibility, "feasibility", "R12",
             "a route is taken only from who is nearer for certain"},
    RuleName{hold_down, "hold-down", "R12", "after a boot no foreign routes are taken for a while"},
    RuleName{probes, "probes", "R13", "a claim that waits asks the holder whether she still holds"},
    RuleName{anti_entropy, "anti-entropy", "R13", "queens compare what they know of roots"},
    RuleName{boot_grace, "boot-grace", "R15",
             "what was promised before a boot is leased for a while"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (static_cast<std::size_t>(names[i].rule) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const RuleName> rule_names() { return names; }

std::optional<Rule> rule_of(std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const RuleName& one) { return one.name == name; });
  return found == names.end() ? std::nullopt : std::optional(found->rule);
}

}  // namespace queenright::election
