#include "deploy/program/configuration/settings.hpp"

#include <unistd.h>

#include <algorithm>

#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

constexpr std::string_view prefix = "QUEENRIGHT_NODE_";

}  // namespace

std::string SettingName::variable() const {
  std::string name(prefix);
  for (const char c : key)
    name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

Environment node_environment() {
  Environment found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (text.starts_with(prefix) && equals != std::string_view::npos)
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

Overrides::Overrides(const Environment& environment, std::span<const SettingName> known) {
  std::map<std::string, SettingName, std::less<>> by_variable;
  for (const SettingName& name : known) by_variable.emplace(name.variable(), name);
  std::vector<std::string_view> names;
  for (const auto& [variable, ignored] : by_variable) names.push_back(variable);
  for (const auto& [name, text] : environment) {
    const auto found = by_variable.find(name);
    if (found == by_variable.end()) {
      unknown_.push_back({name, {}, "unknown variable" + messages::did_you_mean(name, names)});
      continue;
    }
    auto variable = std::make_unique<Variable>(name, text);
    if (found->second.form == SettingName::Form::yaml)
      variable->node = read_yaml(variable->source, variable->problems);
    else if (const auto unreadable = variable->source.unreadable())
      variable->problems.error(unreadable->offset, unreadable->what);
    else
      variable->node = YamlNode{YamlNode::Kind::plain, 0, text, {}};
    if (text.empty()) variable->problems.error(0, "it is empty; unset it, or give it a value");
    variables_.emplace(found->second.key, std::move(variable));
  }
}

std::optional<Setting> Overrides::find(std::string_view key) {
  const auto found = variables_.find(key);
  if (found == variables_.end()) return std::nullopt;
  Variable& variable = *found->second;
  const bool told = !variable.node || !variable.problems.none();
  return Setting{told ? nullptr : &*variable.node, &variable.problems};
}

bool Overrides::has_below(std::string_view key) const {
  return std::any_of(variables_.begin(), variables_.end(), [&](const auto& variable) {
    return variable.first.starts_with(std::string(key) + ".");
  });
}

std::vector<Problem> Overrides::take_errors() {
  std::vector<Problem> errors = std::move(unknown_);
  for (auto& [key, variable] : variables_)
    for (Problem& problem : variable->problems.take_errors()) {
      problem.place = {};  // a variable has no lines
      errors.push_back(std::move(problem));
    }
  return errors;
}

}  // namespace queenright::program
