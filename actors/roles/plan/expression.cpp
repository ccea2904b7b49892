#include "actors/roles/plan/expression.hpp"

#include <algorithm>

#include "actors/roles/plan/expression_evaluator.hpp"
#include "actors/roles/plan/expression_parser.hpp"

namespace queenright::roles {
namespace {

using messages::Refusal;
using messages::Result;
using messages::Value;

using Piece = std::variant<std::string, Node>;  ///< text as it stands, or an expression

void collect(const Expression& expression, std::vector<Template::Reference>& references);

struct Collector {
  const Expression& whole;
  std::vector<Template::Reference>& references;

  void go(const Node& node) const { collect(*node, references); }
  void operator()(const Literal&) const {}
  void operator()(const AnyFailed&) const {}
  void operator()(const Name& name) const { references.push_back({name.path, whole.offset}); }
  void operator()(const Access& access) const {
    go(access.target);
    go(access.key);
  }
  void operator()(const Unary& unary) const { go(unary.operand); }
  void operator()(const Binary& binary) const {
    go(binary.left);
    go(binary.right);
  }
  void operator()(const Choice& choice) const {
    go(choice.condition);
    go(choice.yes);
    go(choice.no);
  }
  void operator()(const ListLiteral& list) const {
    for (const Node& node : list.elements) go(node);
  }
  void operator()(const MapLiteral& map) const {
    for (const auto& [key, value] : map.entries) {
      go(key);
      go(value);
    }
  }
  void operator()(const Call& call) const {
    for (const Node& node : call.arguments) go(node);
  }
  void operator()(const Has& has) const { go(has.access); }
};

void collect(const Expression& expression, std::vector<Template::Reference>& references) {
  std::visit(Collector{expression, references}, expression.form);
}

}  // namespace

struct Template::Parsed {
  std::vector<Piece> pieces;
  bool asks_about_failure = false;

  void append(std::string_view text) {
    if (text.empty()) return;
    if (pieces.empty() || !std::holds_alternative<std::string>(pieces.back()))
      pieces.emplace_back(std::string());
    std::get<std::string>(pieces.back()) += text;
  }
};

std::optional<Template> Template::parse(std::string_view text, TextError& error) {
  static constexpr std::string_view opening = "${{";
  auto parsed = std::make_unique<Parsed>();
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = std::min(text.find(opening, at), text.size());
    const bool escaped = open < text.size() && open > at && text[open - 1] == '$';
    if (escaped || open == text.size()) {
      parsed->append(text.substr(at, (escaped ? open - 1 : open) - at));
      if (escaped) parsed->append(opening);
      at = escaped ? open + opening.size() : open;
      continue;
    }
    parsed->append(text.substr(at, open - at));
    ExpressionParser parser(text, open);
    Node expression = parser.parse(error);
    if (!expression) return std::nullopt;
    parsed->asks_about_failure |= parser.asks_about_failure();
    parsed->pieces.emplace_back(std::move(expression));
    at = parser.position();
  }
  return Template(std::move(parsed));
}

Result<Value> Template::evaluate(const Scope& scope) const {
  Evaluator evaluator(scope);
  if (is_one_expression()) {
    auto value = evaluator.evaluate(*std::get<Node>(parsed_->pieces.front()));
    if (!value) return Refusal{value.reason()};
    return *value.value();
  }
  std::string text;
  for (const Piece& piece : parsed_->pieces) {
    if (const auto* as_it_stands = std::get_if<std::string>(&piece)) {
      text += *as_it_stands;
    } else {
      const auto value = evaluator.evaluate(*std::get<Node>(piece));
      if (!value) return Refusal{value.reason()};
      text += text_of(*value.value());
    }
    if (text.size() > messages::ValueLimits{}.bytes) return Refusal{"makes more than 16 MiB"};
  }
  return Value(std::move(text));
}

std::vector<Template::Reference> Template::references() const {
  std::vector<Reference> references;
  for (const Piece& piece : parsed_->pieces)
    if (const auto* expression = std::get_if<Node>(&piece)) collect(**expression, references);
  return references;
}

bool Template::has_expressions() const {
  return std::any_of(parsed_->pieces.begin(), parsed_->pieces.end(),
                     [](const Piece& piece) { return std::holds_alternative<Node>(piece); });
}

bool Template::is_one_expression() const {
  return parsed_->pieces.size() == 1 && std::holds_alternative<Node>(parsed_->pieces.front());
}

bool Template::asks_about_failure() const { return parsed_->asks_about_failure; }

Template::Template(std::unique_ptr<Parsed> parsed) : parsed_(std::move(parsed)) {}
Template::~Template() = default;
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;

std::string text_of(const Value& value) {
  return value.text() != nullptr ? *value.text() : messages::to_json(value);
}

}  // namespace queenright::roles
