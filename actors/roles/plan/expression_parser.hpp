#pragma once

#include <initializer_list>
#include <string_view>

#include "actors/roles/plan/expression.hpp"
#include "actors/roles/plan/expression_lexer.hpp"
#include "actors/roles/plan/expression_syntax.hpp"

namespace queenright::roles {

/// Parses one expression out of a template: from behind its `${{` to behind its `}}`.
class ExpressionParser {
 public:
  /// `open` is the offset of the `${{`.
  ExpressionParser(std::string_view text, std::size_t open);

  /// Nothing when there is an error.
  Node parse(TextError& error);

  std::size_t position() const { return lexer_.position(); }  ///< after parse: behind the `}}`
  bool asks_about_failure() const { return asks_about_failure_; }

 private:
  Node choice();
  Node binary(int least_binding);
  Node unary();
  Node postfix();
  Node primary();
  Node name_or_call();
  Node call(const Token& name, std::vector<Node> arguments);
  Node has(const Token& name, std::vector<Node> arguments);
  Node field_or_method(Node target);
  Node element(Node target);
  Node list_literal();
  Node map_literal();
  Node number(bool negative, std::size_t offset);
  bool arguments_into(std::vector<Node>& arguments);

  template <class Form>
  Node make(Form form, std::size_t offset, std::size_t height_of_parts = 0);

  void advance();
  bool at(std::string_view symbol) const;
  bool accept(std::string_view symbol);
  bool expect(std::string_view symbol);
  Node fail(std::size_t offset, std::string reason);
  Node unexpected(std::string_view wanted);

  std::string_view text_;
  std::size_t open_;
  Lexer lexer_;
  Token token_;
  std::size_t nesting_ = 0;
  bool asks_about_failure_ = false;
  std::optional<TextError> error_;
};

}  // namespace queenright::roles
