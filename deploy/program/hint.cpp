#include "deploy/program/hint.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "deploy/program/preferences/preferences.hpp"

namespace queenright::program {
namespace {

/// As a shell takes it for one word.
std::string quoted(const std::string& text) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("/._-+:@%").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string out = "'";
  for (const char c : text) c == '\'' ? out += "'\\''" : out += c;
  return out + "'";
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::filesystem::path state_home() {
  if (const auto state = variable("XDG_STATE_HOME"); !state.empty()) return state;
  return variable("HOME") + "/.local/state";
}

}  // namespace

std::filesystem::path default_data() { return preferred("data"); }

std::string default_hive() { return preferred("hive"); }

std::filesystem::path known_hives() { return state_home() / "queenright-hives"; }

std::string command_line(const std::string& verb, const std::filesystem::path& data) {
  const std::string command = "queenright " + verb;
  return data == default_data() ? command : command + " --data " + quoted(data.string());
}

std::string command_line_on_hive(const std::string& verb, const std::string& hive,
                                 const std::filesystem::path& keys) {
  std::string command = "queenright " + verb;
  if (!hive.empty()) command += " --hive " + quoted(hive);
  if (!keys.empty()) command += " --keys " + quoted(keys.string());
  return command;
}

}  // namespace queenright::program
