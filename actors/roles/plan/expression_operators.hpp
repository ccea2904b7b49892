#pragma once

#include <string_view>

#include "actors/roles/plan/expression_bounds.hpp"
#include "messages/result.hpp"
#include "messages/value.hpp"

namespace queenright::roles {

/// `left symbol right` for every operator that needs both sides; refusals name the operator
/// and the kinds of both.
messages::Result<messages::Value> operate(std::string_view symbol, const messages::Value& left,
                                          const messages::Value& right, Budget& budget);

}  // namespace queenright::roles
