#include "deploy/program/help/completion.hpp"

#include <fmt/format.h>

#include <functional>

namespace queenright::program {
namespace {

std::string path_of(const CommandEntry& command) {
  return fmt::format("{}", fmt::join(command.words, " "));
}

/// In single quotes, for bash and zsh.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// All paths below the program itself, as one pattern of `case`.
std::string paths(const std::vector<CommandEntry>& tree) {
  std::string pattern;
  for (const auto& command : tree)
    if (command.words.size() > 1)
      pattern += (pattern.empty() ? "" : "|") + quoted(path_of(command));
  return pattern;
}

std::string names_of(const CommandEntry& command) {
  std::string names;
  for (const auto& option : command.options)
    for (const auto& name : option.names) names += (names.empty() ? "" : " ") + name;
  return names;
}

using Choose = std::function<std::string(const std::vector<std::string>& choices)>;

/// A case for each option that takes only some values.
std::string choice_cases(const std::vector<CommandEntry>& tree, const Choose& choose) {
  std::string cases;
  for (const auto& command : tree)
    for (const auto& option : command.options) {
      if (option.choices.empty()) continue;
      std::string pattern;
      for (const auto& name : option.names)
        pattern += (pattern.empty() ? "" : "|") + quoted(path_of(command) + " " + name);
      cases += fmt::format("    {}) {}; return ;;\n", pattern, choose(option.choices));
    }
  return cases;
}

/// "name:what it is", as zsh describes.
std::string described(const std::string& name, const std::string& help) {
  std::string text;
  for (const char c : help) text += c == ':' ? std::string("\\:") : std::string(1, c);
  return quoted(name + ":" + text);
}

}  // namespace

std::string bash_completion(const std::vector<CommandEntry>& tree) {
  std::string cases;
  for (const auto& command : tree)
    cases += fmt::format("    {}) verbs={} options={} ;;\n", quoted(path_of(command)),
                         quoted(fmt::format("{}", fmt::join(command.verbs, " "))),
                         quoted(names_of(command)));
  const auto choose = [](const std::vector<std::string>& choices) {
    return fmt::format("COMPREPLY=($(compgen -W {} -- \"$current\"))",
                       quoted(fmt::format("{}", fmt::join(choices, " "))));
  };
  return fmt::format(R"(# Lets bash complete queenright: source <(queenright completion bash)
_queenright() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
  local at=queenright word verbs="" options=""
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$at $word" in {}) at="$at $word" ;; esac
  done
  COMPREPLY=()
  case "$at $before" in
{}  esac
  case "$at" in
{}  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n "$verbs" ]]; then
    COMPREPLY=($(compgen -W "$verbs" -- "$current"))
  fi
}}
complete -o default -F _queenright queenright
)",
                     paths(tree), choice_cases(tree, choose), cases);
}

std::string zsh_completion(const std::vector<CommandEntry>& tree) {
  std::string cases;
  for (const auto& command : tree) {
    std::string verbs;
    std::string options;
    for (const auto& verb : command.verbs)
      for (const auto& below : tree)
        if (below.words.size() == command.words.size() + 1 && below.words.back() == verb &&
            path_of(below) == path_of(command) + " " + verb)
          verbs += described(verb, below.help) + " ";
    for (const auto& option : command.options)
      for (const auto& name : option.names) options += described(name, option.help) + " ";
    cases += fmt::format("    {}) verbs=({}) options=({}) ;;\n", quoted(path_of(command)), verbs,
                         options);
  }
  const auto choose = [](const std::vector<std::string>& choices) {
    return fmt::format("compadd -- {}", fmt::join(choices, " "));
  };
  return fmt::format(R"(#compdef queenright
# Lets zsh complete queenright: source <(queenright completion zsh)
_queenright() {{
  local at=queenright word
  local -a verbs options
  for word in ${{words[2,CURRENT-1]}}; do
    case "$at $word" in ({}) at="$at $word" ;; esac
  done
  case "$at ${{words[CURRENT-1]}}" in
{}  esac
  case "$at" in
{}  esac
  if [[ "${{words[CURRENT]}}" == -* ]]; then
    _describe option options
  elif (( $#verbs )); then
    _describe verb verbs
  else
    _files
  fi
}}
if [[ "${{funcstack[1]}}" == _queenright ]]; then _queenright "$@"; else compdef _queenright queenright; fi
)",
                     paths(tree), choice_cases(tree, choose), cases);
}

std::string fish_completion(const std::vector<CommandEntry>& tree) {
  const auto quote = [](const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    return out + "'";
  };
  std::string known;
  std::string lines;
  for (const auto& command : tree) {
    const auto here = "-n " + quote("__queenright_at " + path_of(command));
    if (command.words.size() > 1) {
      known += " " + quote(path_of(command));
      auto above = command.words;
      above.pop_back();
      lines += fmt::format("complete -c queenright -n {} -f -a {} -d {}\n",
                           quote(fmt::format("__queenright_at {}", fmt::join(above, " "))),
                           command.words.back(), quote(command.help));
    }
    for (const auto& option : command.options) {
      std::string names;
      for (const auto& name : option.names)
        names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      const auto values =
          option.choices.empty()
              ? std::string(option.value.empty() ? "" : " -r")
              : fmt::format(" -x -a {}", quote(fmt::format("{}", fmt::join(option.choices, " "))));
      lines += fmt::format("complete -c queenright {}{}{} -d {}\n", here, names, values,
                           quote(option.help));
    }
  }
  return fmt::format(R"(# Lets fish complete queenright: queenright completion fish | source
function __queenright_at
    set -l words (commandline -opc)
    set -e words[1]
    set -l at queenright
    for word in $words
        switch "$at $word"
            case{}
                set at "$at $word"
        end
    end
    test "$at" = "$argv"
end
{})",
                     known, lines);
}

}  // namespace queenright::program
