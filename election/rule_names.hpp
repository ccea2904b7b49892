#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "election/rules.hpp"

namespace queenright::election {

/// A rule as people name it.
struct RuleName {
  Rule rule{};
  std::string_view name;    ///< stable: commands and documents use it
  std::string_view number;  ///< in ELECTION or AGREEMENT
  std::string_view what;    ///< what it says, in one line
};

/// Every rule once, in the order of the enumeration.
std::span<const RuleName> rule_names();

std::optional<Rule> rule_of(std::string_view name);

}  // namespace queenright::election
