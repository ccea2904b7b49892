#include "actors/roles/plan/expression_operators.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "actors/roles/plan/expression_functions.hpp"
#include "messages/near_name.hpp"

namespace queenright::roles {
namespace {

using messages::in_quotes;
using messages::Refusal;
using messages::Result;
using messages::Value;

Refusal wrong_types(std::string_view symbol, const Value& left, const Value& right) {
  const std::array<const Value*, 2> both{&left, &right};
  return {in_quotes(symbol) + " does not work on " + kinds_of(both)};
}

Result<Value> arithmetic(std::string_view symbol, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflow = false;
  switch (symbol.front()) {
    case '+': overflow = __builtin_add_overflow(left, right, &result); break;
    case '-': overflow = __builtin_sub_overflow(left, right, &result); break;
    case '*': overflow = __builtin_mul_overflow(left, right, &result); break;
    default:
      if (right == 0) return Refusal{in_quotes(symbol) + " by zero"};
      overflow = left == std::numeric_limits<std::int64_t>::min() && right == -1;
      if (!overflow) result = symbol == "/" ? left / right : left % right;
  }
  if (overflow) return Refusal{in_quotes(symbol) + " overflows 64 bits"};
  return Value(result);
}

Result<Value> concatenate(const Value& left, const Value& right, Budget& budget) {
  Extent extent = extent_of(left);
  extent += extent_of(right);
  if (auto refusal = budget.spend(extent)) return Refusal{"'+' " + refusal->reason};
  if (left.text() != nullptr) return Value(*left.text() + *right.text());
  Value::List list = *left.list();
  list.insert(list.end(), right.list()->begin(), right.list()->end());
  return Value(std::move(list));
}

Result<Value> is_in(const Value& needle, const Value& haystack) {
  if (const auto* list = haystack.list())
    return Value(std::find(list->begin(), list->end(), needle) != list->end());
  const auto* map = haystack.map();
  const auto* key = needle.text();
  if (map != nullptr && key != nullptr) return Value(map->contains(*key));
  Refusal refusal = wrong_types("in", needle, haystack);
  if (haystack.text() != nullptr) refusal.reason += "; for a part of a string there is contains()";
  return refusal;
}

/// Unlike kinds are compared only with null: `steps.n.output == 3` would quietly be false for
/// the text "3".
Result<Value> equality(std::string_view symbol, const Value& left, const Value& right) {
  const bool comparable =
      left.kind().index() == right.kind().index() || left.is_null() || right.is_null();
  if (!comparable) return wrong_types(symbol, left, right);
  return Value((left == right) == (symbol == "=="));
}

template <class T>
bool ordered(std::string_view symbol, const T& left, const T& right) {
  if (symbol == "<") return left < right;
  if (symbol == "<=") return left <= right;
  if (symbol == ">") return left > right;
  return left >= right;
}

}  // namespace

Result<Value> operate(std::string_view symbol, const Value& left, const Value& right,
                      Budget& budget) {
  if (symbol == "==" || symbol == "!=") return equality(symbol, left, right);
  if (symbol == "in") return is_in(left, right);
  const bool ints = left.integer() != nullptr && right.integer() != nullptr;
  const bool strings = left.text() != nullptr && right.text() != nullptr;
  const bool lists = left.list() != nullptr && right.list() != nullptr;
  if (symbol.front() == '<' || symbol.front() == '>') {
    if (ints) return Value(ordered(symbol, *left.integer(), *right.integer()));
    if (strings) return Value(ordered(symbol, *left.text(), *right.text()));
    return wrong_types(symbol, left, right);
  }
  if (ints) return arithmetic(symbol, *left.integer(), *right.integer());
  if (symbol == "+" && (strings || lists)) return concatenate(left, right, budget);
  return wrong_types(symbol, left, right);
}

}  // namespace queenright::roles
