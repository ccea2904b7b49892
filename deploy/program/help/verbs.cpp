#include "deploy/program/verbs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "deploy/program/help/completion.hpp"
#include "deploy/program/help/manual.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/terminal.hpp"

namespace queenright::program {
namespace {

struct Arguments {
  std::string shell;
  std::vector<std::string> words;  ///< of a command
  std::filesystem::path directory;
};

ExitCode complete(const CLI::App& app, const std::string& shell) {
  const auto tree = command_tree(app);
  fmt::print("{}", shell == "bash"  ? bash_completion(tree)
                   : shell == "zsh" ? zsh_completion(tree)
                                    : fish_completion(tree));
  return ExitCode::success;
}

ExitCode write_manual(const CLI::App& app, const std::filesystem::path& directory) {
  const auto tree = command_tree(app);
  std::filesystem::create_directories(directory);
  for (const auto& command : tree) {
    const auto file = directory / (page_name(command) + ".1");
    std::ofstream out(file);
    out << manual_page(tree, command, app.version());
    if (!out.flush()) throw Failure(ExitCode::unavailable, file.string() + " can't be written");
  }
  say("queenright: {} pages in {}: 'man -l {}'\n", tree.size(), directory.string(),
      (directory / "queenright.1").string());
  return ExitCode::success;
}

/// The words of a verb, as those of its manual page.
std::vector<std::string> with_man(std::vector<std::string> words) {
  words.insert(words.begin() + 1, "man");
  return words;
}

ExitCode print_manual(const CLI::App& app, std::vector<std::string> words) {
  words.insert(words.begin(), app.get_name());
  const auto tree = command_tree(app);
  const auto command = std::find_if(
      tree.begin(), tree.end(), [&](const CommandEntry& entry) { return entry.words == words; });
  if (command == tree.end())
    throw Failure(ExitCode::usage, fmt::format("there is no command '{}'", fmt::join(words, " ")));
  fmt::print("{}", manual_page(tree, *command, app.version()));
  std::fflush(stdout);
  if (is_capable_terminal(STDOUT_FILENO))
    say("queenright: to read it: '{} | man -l -'\n", fmt::join(with_man(words), " "));
  return ExitCode::success;
}

}  // namespace

void add_help_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* completion = app.add_subcommand("completion", "a script that lets a shell complete verbs");
  completion->add_option("SHELL", arguments->shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([&app, arguments, &chosen] {
    chosen = [&app, arguments] { return complete(app, arguments->shell); };
  });
  auto* manual = app.add_subcommand("man", "the manual's pages, made from the program's own verbs");
  manual->add_option("VERB", arguments->words, "whose page is printed; the program's own without");
  manual->add_option("--directory", arguments->directory, "write all pages there instead");
  manual->callback([&app, arguments, &chosen] {
    chosen = [&app, arguments] {
      return arguments->directory.empty() ? print_manual(app, arguments->words)
                                          : write_manual(app, arguments->directory);
    };
  });
}

}  // namespace queenright::program
