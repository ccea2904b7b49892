#pragma once

#include <memory>
#include <span>

#include "actors/roles/plan/expression.hpp"
#include "actors/roles/plan/expression_bounds.hpp"
#include "actors/roles/plan/expression_syntax.hpp"

namespace queenright::roles {

/// A value that lives elsewhere (in the scope, in the expression), or was made on the way: large
/// values are looked into where they are, and a part keeps its whole alive.
using Held = std::shared_ptr<const messages::Value>;

/// Computes expressions of one template; refusals say the offset.
class Evaluator {
 public:
  explicit Evaluator(const Scope& scope) : scope_(scope) {}

  messages::Result<Held> evaluate(const Expression& expression);

 private:
  using Outcome = messages::Result<Held>;

  Outcome form(const Literal& literal, const Expression& whole);
  Outcome form(const Name& name, const Expression& whole);
  Outcome form(const Access& access, const Expression& whole);
  Outcome form(const Unary& unary, const Expression& whole);
  Outcome form(const Binary& binary, const Expression& whole);
  Outcome form(const Choice& choice, const Expression& whole);
  Outcome form(const ListLiteral& list, const Expression& whole);
  Outcome form(const MapLiteral& map, const Expression& whole);
  Outcome form(const Call& call, const Expression& whole);
  Outcome form(const Has& has, const Expression& whole);
  Outcome form(const AnyFailed& any_failed, const Expression& whole);

  Outcome logical(const Binary& binary, const Expression& whole);
  Outcome named(std::span<const std::string> path, const Expression& whole);

  const Scope& scope_;
  Budget budget_;
};

}  // namespace queenright::roles
