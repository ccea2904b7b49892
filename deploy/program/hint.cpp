#include "deploy/program/hint.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

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

}  // namespace

std::filesystem::path default_data() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (const auto data = set("QUEENRIGHT_DATA"); !data.empty()) return data;
  if (const auto state = set("XDG_STATE_HOME"); !state.empty()) return state + "/queenright";
  return set("HOME") + "/.local/state/queenright";
}

std::string command_line(const std::string& verb, const std::filesystem::path& data) {
  const std::string command = "queenright " + verb;
  return data == default_data() ? command : command + " --data " + quoted(data.string());
}

}  // namespace queenright::program
