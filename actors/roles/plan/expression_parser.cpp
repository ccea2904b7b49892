#include "actors/roles/plan/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "actors/roles/plan/expression_functions.hpp"

namespace queenright::roles {
namespace {

constexpr std::size_t opening_length = 3;  // ${{

/// How strongly a binary operator binds; 0: it is none.
int binding_of(const Token& token) {
  using Row = std::pair<std::string_view, int>;
  static constexpr std::array<Row, 14> table{{{"||", 1},
                                              {"&&", 2},
                                              {"==", 3},
                                              {"!=", 3},
                                              {"<", 3},
                                              {"<=", 3},
                                              {">", 3},
                                              {">=", 3},
                                              {"in", 3},
                                              {"+", 4},
                                              {"-", 4},
                                              {"*", 5},
                                              {"/", 5},
                                              {"%", 5}}};
  if (token.kind != Token::Kind::symbol && token.kind != Token::Kind::name) return 0;
  for (const auto& [symbol, binding] : table)
    if (token.text == symbol) return binding;
  return 0;
}

std::size_t height_of(const Node& node) { return node->height; }
std::size_t height_of(const std::vector<Node>& nodes) {
  std::size_t height = 0;
  for (const Node& node : nodes) height = std::max(height, node->height);
  return height;
}

}  // namespace

ExpressionParser::ExpressionParser(std::string_view text, std::size_t open)
    : text_(text.substr(0, open + ExpressionLimits::text)),
      open_(open),
      lexer_(text_, open + opening_length) {
  advance();
}

Node ExpressionParser::parse(TextError& error) {
  Node expression = choice();
  if (!error_ && !at("}")) unexpected("'}}'");
  if (!error_ && text_.substr(lexer_.position(), 1) != "}")
    fail(token_.offset, "an expression ends with '}}'");
  if (error_) {
    error = *error_;
    return nullptr;
  }
  lexer_ = Lexer(text_, lexer_.position() + 1);
  return expression;
}

Node ExpressionParser::choice() {
  if (++nesting_ > ExpressionLimits::height) return fail(token_.offset, "nested too deeply");
  Node condition = binary(1);
  const std::size_t offset = token_.offset;
  if (!error_ && accept("?")) {
    Node yes = choice();
    if (error_ || !expect(":")) return nullptr;
    Node no = choice();
    if (error_) return nullptr;
    const std::size_t height = std::max({height_of(condition), height_of(yes), height_of(no)});
    condition = make(Choice{std::move(condition), std::move(yes), std::move(no)}, offset, height);
  }
  --nesting_;
  return condition;
}

Node ExpressionParser::binary(int least_binding) {
  Node left = unary();
  while (!error_) {
    const int binding = binding_of(token_);
    if (binding == 0 || binding < least_binding) break;
    const Token symbol = token_;
    advance();
    Node right = binary(binding + 1);
    if (error_) break;
    const std::size_t height = std::max(height_of(left), height_of(right));
    left = make(Binary{symbol.text, std::move(left), std::move(right)}, symbol.offset, height);
  }
  return left;
}

Node ExpressionParser::unary() {
  if (!at("!") && !at("-")) return postfix();
  if (++nesting_ > ExpressionLimits::height) return fail(token_.offset, "nested too deeply");
  const Token symbol = token_;
  advance();
  Node operand;
  if (symbol.text == "-" && token_.kind == Token::Kind::number) {
    operand = number(true, symbol.offset);
  } else {
    operand = unary();
    if (error_) return nullptr;
    const std::size_t height = height_of(operand);
    operand = make(Unary{symbol.text.front(), std::move(operand)}, symbol.offset, height);
  }
  --nesting_;
  return operand;
}

Node ExpressionParser::postfix() {
  Node target = primary();
  while (!error_) {
    if (at("."))
      target = field_or_method(std::move(target));
    else if (at("["))
      target = element(std::move(target));
    else
      break;
  }
  return target;
}

Node ExpressionParser::field_or_method(Node target) {
  advance();
  if (token_.kind != Token::Kind::name) return unexpected("a field's name after '.'");
  const Token name = token_;
  advance();
  if (at("(")) {
    const Function* function = find_function(name.text);
    if (function == nullptr || !function->method)
      return fail(name.offset, "there is no method '" + name.text + "'");
    std::vector<Node> arguments;
    arguments.push_back(std::move(target));
    if (!arguments_into(arguments)) return nullptr;
    return call(name, std::move(arguments));
  }
  if (const auto* path = std::get_if<Name>(&target->form)) {
    Name longer = *path;
    longer.path.push_back(name.text);
    return make(std::move(longer), target->offset);
  }
  Node key = make(Literal{name.text}, name.offset);
  const std::size_t height = height_of(target);
  return make(Access{std::move(target), std::move(key)}, name.offset, height);
}

Node ExpressionParser::element(Node target) {
  const std::size_t offset = token_.offset;
  advance();
  Node key = choice();
  if (error_ || !expect("]")) return nullptr;
  const auto* path = std::get_if<Name>(&target->form);
  const auto* literal = std::get_if<Literal>(&key->form);
  if (path != nullptr && literal != nullptr && literal->value.text() != nullptr) {
    Name longer = *path;
    longer.path.push_back(*literal->value.text());
    return make(std::move(longer), target->offset);
  }
  const std::size_t height = std::max(height_of(target), height_of(key));
  return make(Access{std::move(target), std::move(key)}, offset, height);
}

Node ExpressionParser::primary() {
  const Token token = token_;
  if (token.kind == Token::Kind::name) return name_or_call();
  if (token.kind == Token::Kind::number) return number(false, token.offset);
  if (token.kind == Token::Kind::string) {
    advance();
    return make(Literal{token.text}, token.offset);
  }
  if (at("[")) return list_literal();
  if (at("{")) return map_literal();
  if (!accept("(")) return unexpected("a value");
  Node inner = choice();
  if (error_ || !expect(")")) return nullptr;
  return inner;
}

Node ExpressionParser::name_or_call() {
  const Token name = token_;
  advance();
  if (name.text == "true") return make(Literal{true}, name.offset);
  if (name.text == "false") return make(Literal{false}, name.offset);
  if (name.text == "null") return make(Literal{}, name.offset);
  if (name.text == "in") return fail(name.offset, "'in' needs a value on its left");
  if (!at("(")) return make(Name{{name.text}}, name.offset);
  std::vector<Node> arguments;
  if (!arguments_into(arguments)) return nullptr;
  return call(name, std::move(arguments));
}

Node ExpressionParser::call(const Token& name, std::vector<Node> arguments) {
  const std::size_t count = arguments.size();
  if (name.text == "has") return has(name, std::move(arguments));
  if (name.text == "failed" || name.text == "always") {
    if (count != 0) return fail(name.offset, name.text + "() takes nothing");
    asks_about_failure_ = true;
    if (name.text == "always") return make(Literal{true}, name.offset);
    return make(AnyFailed{}, name.offset);
  }
  const Function* function = find_function(name.text);
  if (function == nullptr)
    return fail(name.offset,
                "there is no function '" + name.text + "'; there are " + function_names());
  if (count < function->least || count > function->most)
    return fail(name.offset, name.text + "() takes " + std::string(function->takes));
  const std::size_t height = height_of(arguments);
  return make(Call{function, std::move(arguments)}, name.offset, height);
}

Node ExpressionParser::has(const Token& name, std::vector<Node> arguments) {
  const bool one = arguments.size() == 1;
  const bool access = one && (std::holds_alternative<Access>(arguments[0]->form) ||
                              std::holds_alternative<Name>(arguments[0]->form));
  if (!access) return fail(name.offset, "has() takes one field, such as has(item.name)");
  const std::size_t height = height_of(arguments[0]);
  return make(Has{std::move(arguments[0])}, name.offset, height);
}

bool ExpressionParser::arguments_into(std::vector<Node>& arguments) {
  if (!expect("(")) return false;
  while (!error_ && !at(")")) {
    arguments.push_back(choice());
    if (!error_ && !at(")")) expect(",");
  }
  return !error_ && expect(")");
}

Node ExpressionParser::list_literal() {
  const std::size_t offset = token_.offset;
  advance();
  std::vector<Node> elements;
  while (!error_ && !at("]")) {
    elements.push_back(choice());
    if (!error_ && !at("]")) expect(",");
  }
  if (error_ || !expect("]")) return nullptr;
  const std::size_t height = height_of(elements);
  return make(ListLiteral{std::move(elements)}, offset, height);
}

Node ExpressionParser::map_literal() {
  const std::size_t offset = token_.offset;
  advance();
  std::vector<std::pair<Node, Node>> entries;
  std::size_t height = 0;
  while (!error_ && !at("}")) {
    Node key = choice();
    if (error_ || !expect(":")) return nullptr;
    Node value = choice();
    if (error_) return nullptr;
    height = std::max({height, height_of(key), height_of(value)});
    entries.emplace_back(std::move(key), std::move(value));
    if (!at("}")) expect(",");
  }
  if (error_ || !expect("}")) return nullptr;
  return make(MapLiteral{std::move(entries)}, offset, height);
}

Node ExpressionParser::number(bool negative, std::size_t offset) {
  const std::string digits = (negative ? "-" : "") + token_.text;
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, value).ec != std::errc{})
    return fail(offset, "this number does not fit 64 bits");
  advance();
  return make(Literal{value}, offset);
}

template <class Form>
Node ExpressionParser::make(Form form, std::size_t offset, std::size_t height_of_parts) {
  const std::size_t height = height_of_parts + 1;
  if (height > ExpressionLimits::height)
    return fail(offset, "nested too deeply, or too many operators in a row");
  return std::make_unique<const Expression>(Expression{std::move(form), offset, height});
}

void ExpressionParser::advance() {
  TextError error{};
  if (auto token = lexer_.next(error))
    token_ = std::move(*token);
  else
    fail(error.offset, std::move(error.reason));
}

bool ExpressionParser::at(std::string_view symbol) const {
  return token_.kind == Token::Kind::symbol && token_.text == symbol;
}

bool ExpressionParser::accept(std::string_view symbol) {
  if (!at(symbol)) return false;
  advance();
  return !error_;
}

bool ExpressionParser::expect(std::string_view symbol) {
  if (accept(symbol)) return true;
  unexpected("'" + std::string(symbol) + "'");
  return false;
}

Node ExpressionParser::fail(std::size_t offset, std::string reason) {
  if (!error_) error_ = TextError{offset, std::move(reason)};
  return nullptr;
}

Node ExpressionParser::unexpected(std::string_view wanted) {
  if (token_.kind == Token::Kind::end) {
    const bool cut = text_.size() == open_ + ExpressionLimits::text;
    return fail(open_, cut ? "an expression has at most 64 KiB" : "'${{' is never closed by '}}'");
  }
  const std::string found =
      token_.kind == Token::Kind::string ? "a string" : "'" + token_.text + "'";
  return fail(token_.offset, "expected " + std::string(wanted) + ", not " + found);
}

}  // namespace queenright::roles
