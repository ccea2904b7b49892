#include "deploy/program/help/command_tree.hpp"

namespace queenright::program {
namespace {

/// "{a,b}" is how CLI11 says that only these are taken.
std::vector<std::string> choices_in(const std::string& type) {
  std::vector<std::string> choices;
  const auto begin = type.find('{');
  const auto end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return choices;
  std::string choice;
  for (const char c : type.substr(begin + 1, end - begin)) {
    if (c != ',' && c != '}') {
      choice += c;
      continue;
    }
    choices.push_back(choice);
    choice.clear();
  }
  return choices;
}

OptionEntry entry_of(const CLI::Option& option) {
  OptionEntry entry;
  for (const auto& name : option.get_snames()) entry.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) entry.names.push_back("--" + name);
  if (option.get_expected_max() > 0 && option.get_type_size_max() > 0) {
    const auto type = option.get_type_name();
    entry.choices = choices_in(type);
    entry.value = type.substr(0, type.find_first_of(":[ "));
  }
  entry.help = option.get_description();
  return entry;
}

void add(std::vector<CommandEntry>& tree, const CLI::App& app, std::vector<std::string> words) {
  CommandEntry entry;
  words.push_back(app.get_name());
  entry.words = words;
  entry.help = app.get_description();
  for (const auto* option : app.get_options()) {
    if (option->get_positional())
      entry.positionals.push_back(option->get_name(true));
    else
      entry.options.push_back(entry_of(*option));
  }
  const auto below = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* verb : below) entry.verbs.push_back(verb->get_name());
  tree.push_back(std::move(entry));
  for (const auto* verb : below) add(tree, *verb, words);
}

}  // namespace

std::vector<CommandEntry> command_tree(const CLI::App& app) {
  std::vector<CommandEntry> tree;
  add(tree, app, {});
  return tree;
}

}  // namespace queenright::program
