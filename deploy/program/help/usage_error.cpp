#include "deploy/program/help/usage_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <string_view>

#include "deploy/program/columns.hpp"
#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

using messages::did_you_mean;

std::vector<std::string_view> views_of(const std::deque<std::string>& names) {
  return {names.begin(), names.end()};
}

/// For a word that stands where a verb should: CLI11 says only that one is missing.
std::string unknown_verb(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  for (const auto& word : words) {
    std::deque<std::string> verbs;
    for (const auto* verb : at->get_subcommands([](const CLI::App*) { return true; }))
      verbs.push_back(verb->get_name());
    if (verbs.empty() || word.starts_with("-")) return "";
    if (std::find(verbs.begin(), verbs.end(), word) == verbs.end())
      return fmt::format("there is no verb '{}'{} (there are {})", word,
                         did_you_mean(word, views_of(verbs)), fmt::join(verbs, ", "));
    at = at->get_subcommand(word);
  }
  return "";
}

std::deque<std::string> options_of(const CLI::App& verb) {
  std::deque<std::string> names;
  for (const auto* option : verb.get_options()) {
    if (option->get_group().empty()) continue;  // not for people
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    for (const auto& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::string not_taken(const std::string& word, const CLI::App& verb, const std::string& typed) {
  if (!word.starts_with("-")) return fmt::format("'{}' is more than '{}' takes", word, typed);
  const auto name = word.substr(0, word.find('='));
  return fmt::format("there is no option '{}' in '{}'{}", name, typed,
                     did_you_mean(name, views_of(options_of(verb))));
}

}  // namespace

std::string usage_error(const CLI::App& app, const std::vector<std::string>& words,
                        const CLI::ParseError& error) {
  if (const auto wrong = unknown_verb(app, words); !wrong.empty())
    return folded("queenright: " + wrong, "");
  std::string wrong;
  std::string typed = app.get_name();
  for (const CLI::App* verb = &app;;) {
    const auto left = verb->remaining();
    const auto option = std::find_if(left.begin(), left.end(),
                                     [](const auto& word) { return word.starts_with("-"); });
    if (!left.empty() && wrong.empty())
      wrong = not_taken(option == left.end() ? left.front() : *option, *verb, typed);
    const auto below = verb->get_subcommands();
    if (below.empty()) break;
    verb = below.back();
    typed += " " + verb->get_name();
  }
  if (wrong.empty()) wrong = error.what();
  return folded("queenright: " + wrong, "") + fmt::format("'{} --help' shows all\n", typed);
}

}  // namespace queenright::program
