#include "actors/roles/plan/expression_evaluator.hpp"

#include "actors/roles/plan/expression_functions.hpp"
#include "actors/roles/plan/expression_operators.hpp"

namespace queenright::roles {
namespace {

using messages::Refusal;
using messages::Result;
using messages::Value;

Refusal at(const Expression& expression, const std::string& reason) {
  return {"offset " + std::to_string(expression.offset) + ": " + reason};
}

Held made(Value value) { return std::make_shared<const Value>(std::move(value)); }
Held part_of(const Held& whole, const Value& inside) { return {whole, &inside}; }
Held elsewhere(const Value& value) { return part_of(nullptr, value); }

std::string joined(std::span<const std::string> path) {
  std::string name;
  for (const std::string& part : path) name += (name.empty() ? "" : ".") + part;
  return name;
}

/// The element of a list or map that `key` names, or why there is none.
Result<const Value*> element(const Value& target, const Value& key) {
  if (const auto* list = target.list(); list != nullptr && key.integer() != nullptr) {
    const std::int64_t index = *key.integer();
    if (index >= 0 && static_cast<std::size_t>(index) < list->size())
      return &(*list)[static_cast<std::size_t>(index)];
    return Refusal{"there is no element " + std::to_string(index) + " in a list of " +
                   std::to_string(list->size())};
  }
  if (const auto* map = target.map(); map != nullptr && key.text() != nullptr) {
    const auto found = map->find(*key.text());
    if (found != map->end()) return &found->second;
    std::string quoted;
    messages::append_json_string(quoted, *key.text());
    return Refusal{"there is no key " + quoted + " in this map"};
  }
  return Refusal{"'[]' does not work on " + std::string(target.kind_name()) + " with " +
                 std::string(key.kind_name())};
}

/// Whether `key` is there. Not the same as whether `element` succeeds: types must fit.
Result<bool> has_element(const Value& target, const Value& key) {
  const auto* map = target.map();
  if (map == nullptr || key.text() == nullptr)
    return Refusal{"has() looks for keys of maps, not into " + std::string(target.kind_name()) +
                   " with " + std::string(key.kind_name())};
  return map->contains(*key.text());
}

}  // namespace

Result<Held> Evaluator::evaluate(const Expression& expression) {
  return std::visit([&](const auto& one) { return form(one, expression); }, expression.form);
}

Result<Held> Evaluator::form(const Literal& literal, const Expression&) {
  return elsewhere(literal.value);
}

Result<Held> Evaluator::form(const Name& name, const Expression& whole) {
  return named(name.path, whole);
}

Result<Held> Evaluator::named(std::span<const std::string> path, const Expression& whole) {
  const auto found = scope_.find(path);
  if (!found) return at(whole, "there is no '" + joined(path) + "' here");
  if (!found->refusal.empty())
    return at(whole, "'" + joined(path) + "' " + std::string(found->refusal));
  const Value* value = found->value;
  for (std::size_t i = found->taken; i < path.size(); ++i) {
    const auto inner = element(*value, Value(path[i]));
    if (!inner) return at(whole, "'" + joined(path.first(i)) + "': " + inner.reason());
    value = inner.value();
  }
  return elsewhere(*value);
}

Result<Held> Evaluator::form(const Access& access, const Expression& whole) {
  auto target = evaluate(*access.target);
  if (!target) return target;
  auto key = evaluate(*access.key);
  if (!key) return key;
  const auto found = element(*target.value(), *key.value());
  if (!found) return at(whole, found.reason());
  return part_of(target.value(), *found.value());
}

Result<Held> Evaluator::form(const Unary& unary, const Expression& whole) {
  auto operand = evaluate(*unary.operand);
  if (!operand) return operand;
  const Value& value = *operand.value();
  if (unary.symbol == '!' && value.boolean() != nullptr) return made(Value(!*value.boolean()));
  if (unary.symbol == '-' && value.integer() != nullptr) {
    auto negated = operate("-", Value(0), value, budget_);
    if (!negated) return at(whole, negated.reason());
    return made(std::move(negated).value());
  }
  return at(whole, std::string("'") + unary.symbol + "' does not work on " +
                       std::string(value.kind_name()));
}

Result<Held> Evaluator::form(const Binary& binary, const Expression& whole) {
  if (binary.symbol == "&&" || binary.symbol == "||") return logical(binary, whole);
  auto left = evaluate(*binary.left);
  if (!left) return left;
  auto right = evaluate(*binary.right);
  if (!right) return right;
  auto result = operate(binary.symbol, *left.value(), *right.value(), budget_);
  if (!result) return at(whole, result.reason());
  return made(std::move(result).value());
}

Result<Held> Evaluator::logical(const Binary& binary, const Expression& whole) {
  const bool decides = binary.symbol == "||";
  for (const Node* side : {&binary.left, &binary.right}) {
    auto operand = evaluate(**side);
    if (!operand) return operand;
    const bool* value = operand.value()->boolean();
    if (value == nullptr)
      return at(whole, "'" + binary.symbol + "' works on two bools, not on " +
                           std::string(operand.value()->kind_name()));
    if (*value == decides) return made(Value(decides));
  }
  return made(Value(!decides));
}

Result<Held> Evaluator::form(const Choice& choice, const Expression& whole) {
  auto condition = evaluate(*choice.condition);
  if (!condition) return condition;
  const bool* value = condition.value()->boolean();
  if (value == nullptr)
    return at(whole,
              "'?' needs a bool on its left, not " + std::string(condition.value()->kind_name()));
  return evaluate(*value ? *choice.yes : *choice.no);
}

Result<Held> Evaluator::form(const ListLiteral& list, const Expression& whole) {
  Value::List elements;
  Extent all;
  for (const Node& node : list.elements) {
    auto element_value = evaluate(*node);
    if (!element_value) return element_value;
    Extent extent = extent_of(*element_value.value());
    ++extent.elements;
    ++extent.depth;
    if (auto refusal = budget_.grow(all, extent)) return at(whole, "'[]' " + refusal->reason);
    elements.push_back(*element_value.value());
  }
  return made(Value(std::move(elements)));
}

Result<Held> Evaluator::form(const MapLiteral& map, const Expression& whole) {
  Value::Map entries;
  Extent all;
  for (const auto& [key_node, value_node] : map.entries) {
    auto key = evaluate(*key_node);
    if (!key) return key;
    if (key.value()->text() == nullptr)
      return at(*key_node, "a key is a string, not " + std::string(key.value()->kind_name()));
    auto value = evaluate(*value_node);
    if (!value) return value;
    Extent extent = extent_of(*value.value());
    ++extent.elements;
    ++extent.depth;
    extent.bytes += key.value()->text()->size();
    if (auto refusal = budget_.grow(all, extent)) return at(whole, "'{}' " + refusal->reason);
    const bool fresh = entries.emplace(*key.value()->text(), *value.value()).second;
    if (!fresh) return at(*key_node, "this key is already in the map");
  }
  return made(Value(std::move(entries)));
}

Result<Held> Evaluator::form(const Call& call, const Expression& whole) {
  std::vector<Held> values;
  for (const Node& node : call.arguments) {
    auto value = evaluate(*node);
    if (!value) return value;
    values.push_back(std::move(value).value());
  }
  std::vector<const Value*> arguments;
  for (const Held& held : values) arguments.push_back(held.get());
  auto result = call.function->apply(arguments, budget_);
  if (!result) return at(whole, std::string(call.function->name) + "() " + result.reason());
  return made(std::move(result).value());
}

Result<Held> Evaluator::form(const Has& has, const Expression& whole) {
  if (const auto* access = std::get_if<Access>(&has.access->form)) {
    auto target = evaluate(*access->target);
    if (!target) return target;
    auto key = evaluate(*access->key);
    if (!key) return key;
    const auto there = has_element(*target.value(), *key.value());
    if (!there) return at(whole, there.reason());
    return made(Value(there.value()));
  }
  const std::span<const std::string> path = std::get<Name>(has.access->form).path;
  const auto found = scope_.find(path);
  if (!found) return made(Value(false));
  if (found->taken == path.size()) return made(Value(true));
  auto target = named(path.first(path.size() - 1), whole);
  if (!target) return target;
  const auto there = has_element(*target.value(), Value(path.back()));
  if (!there) return at(whole, there.reason());
  return made(Value(there.value()));
}

Result<Held> Evaluator::form(const AnyFailed&, const Expression&) {
  return made(Value(scope_.any_failed()));
}

}  // namespace queenright::roles
