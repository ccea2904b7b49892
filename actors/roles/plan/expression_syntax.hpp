#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "messages/value.hpp"

/// What an expression is once it was parsed (docs/expressions.md).
namespace queenright::roles {

struct Function;

struct Expression;
using Node = std::unique_ptr<const Expression>;

struct Literal {
  messages::Value value;
};
/// `vars.dir`, `steps["keep-local"].output`: fields of the scope, and fields of what they name.
struct Name {
  std::vector<std::string> path;
};
struct Access {
  Node target;
  Node key;
};
struct Unary {
  char symbol;  ///< '!' or '-'
  Node operand;
};
struct Binary {
  std::string symbol;
  Node left;
  Node right;
};
struct Choice {
  Node condition;
  Node yes;
  Node no;
};
struct ListLiteral {
  std::vector<Node> elements;
};
struct MapLiteral {
  std::vector<std::pair<Node, Node>> entries;
};
struct Call {
  const Function* function;
  std::vector<Node> arguments;
};
struct Has {
  Node access;  ///< a Name or an Access
};
struct AnyFailed {};

struct Expression {
  std::variant<Literal, Name, Access, Unary, Binary, Choice, ListLiteral, MapLiteral, Call, Has,
               AnyFailed>
      form;
  std::size_t offset;  ///< of its operator or its beginning, in the template
  std::size_t height;  ///< bounds the recursion of all who walk it
};

struct ExpressionLimits {
  static constexpr std::size_t height = 64;
  static constexpr std::size_t text = 64U << 10U;  ///< bytes of one `${{ }}`
  static constexpr std::size_t pattern = 1000;     ///< bytes of a pattern for `matches`
  static constexpr std::size_t matched = 1U << 20U;
};

}  // namespace queenright::roles
