#include "deploy/program/help/manual.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace queenright::program {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 8> exit_codes{
    {{"0", "success"},
     {"1", "a run failed or was cancelled; a difference in a replay; damage in a journal"},
     {"2", "wrong usage, or a file with errors; nothing was started"},
     {"3", "not found, or no worker could ever run the plan"},
     {"6",
      "unavailable: no queen, no majority, a mode that refuses, a directory in use, a full disk"},
     {"7", "the run failed since its time was over"},
     {"8", "a run waits for a person"},
     {"130", "interrupted"}}};

constexpr std::array<std::pair<const char*, const char*>, 6> variables{
    {{"QUEENRIGHT_DATA", "the directory of the embedded hive, as --data"},
     {"QUEENRIGHT_HIVE", "a hive of several nodes, as --hive"},
     {"QUEENRIGHT_KEYS", "the client's file of that hive, as --keys"},
     {"QUEENRIGHT_OUTPUT", "the form of output, as --output"},
     {"NO_COLOR", "no colours, as with --no-color"},
     {"CI", "no colours, and no line that is written anew, as where TERM is dumb"}}};

/// No text of ours is a request to the formatter.
std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c == '\n' ? ' ' : c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string entry(const std::string& term, const std::string& text) {
  return ".TP\n.B " + plain(term) + "\n" + plain(text) + "\n";
}

std::string term_of(const OptionEntry& option) {
  std::string term = fmt::format("{}", fmt::join(option.names, ", "));
  if (!option.choices.empty())
    return term + " " + fmt::format("{}", fmt::join(option.choices, "|"));
  return option.value.empty() ? term : term + " " + option.value;
}

}  // namespace

std::string page_name(const CommandEntry& command) {
  return fmt::format("{}", fmt::join(command.words, "-"));
}

std::string manual_page(const std::vector<CommandEntry>& tree, const CommandEntry& command,
                        const std::string& version) {
  const auto name = page_name(command);
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto typed = fmt::format("{}", fmt::join(command.words, " "));
  std::string page =
      fmt::format(".TH {} 1 \"\" \"queenright {}\" \"Queenright\"\n", plain(upper), version);
  page += fmt::format(".SH NAME\n{} \\- {}\n", plain(name), plain(command.help));
  page += fmt::format(".SH SYNOPSIS\n.B {}\n{}{}[options]\n", plain(typed),
                      command.verbs.empty() ? "" : ".I verb\n",
                      plain(fmt::format("{}{}", fmt::join(command.positionals, " "),
                                        command.positionals.empty() ? "" : " ")));
  if (!command.verbs.empty()) page += ".SH VERBS\n";
  for (const auto& below : tree)
    if (below.words.size() == command.words.size() + 1 &&
        std::equal(command.words.begin(), command.words.end(), below.words.begin()))
      page += entry(below.words.back(), below.help + ": " + page_name(below) + "(1)");
  page += ".SH OPTIONS\n";
  for (const auto& option : command.options) page += entry(term_of(option), option.help);
  if (command.words.size() > 1) return page + ".SH SEE ALSO\n.BR " + command.words[0] + " (1)\n";
  page += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : exit_codes) page += entry(code, meaning);
  page += ".SH ENVIRONMENT\n";
  for (const auto& [variable, meaning] : variables) page += entry(variable, meaning);
  return page;
}

}  // namespace queenright::program
