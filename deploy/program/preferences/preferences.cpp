#include "deploy/program/preferences/preferences.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>

#include "deploy/program/document/document.hpp"
#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/document/values.hpp"
#include "deploy/program/formats.hpp"
#include "messages/ensure.hpp"

namespace queenright::program {
namespace {

constexpr DocumentKind preferences_kind{"preference", std::size_t{1} << 20U};
constexpr std::array<std::string_view, 4> names{"data", "hive", "keys", "output"};

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

std::string home(const char* xdg, const char* otherwise) {
  if (auto directory = variable(xdg); !directory.empty()) return directory;
  return variable("HOME") + otherwise;
}

struct Stated {
  std::string value;
  std::string place;
};
using File = std::map<std::string, Stated, std::less<>>;

File read(const std::filesystem::path& path) {
  File stated;
  std::error_code unreadable;
  if (!std::filesystem::exists(path, unreadable)) return stated;
  const auto findings =
      read_document_file(path, preferences_kind, [&](const YamlNode& root, Problems& problems) {
        const Keys keys(root, "a file of preferences", names, {}, problems);
        for (const auto name : names) {
          const auto* node = keys.find(name);
          if (node == nullptr) continue;
          const auto text = ValueReader(problems).text(*node, name);
          if (name == "output" && text && !is_format(*text))
            problems.error(*node, "output is human, json, yaml, jsonl or name");
          if (text)
            stated[std::string(name)] = {
                *text, path.string() + ":" + std::to_string(problems.place_of(*node).line)};
        }
      });
  refuse_errors(findings.errors, "the file of preferences");
  return stated;
}

std::vector<Preference> gathered() {
  const std::array<File, 2> files{
      read(home("XDG_CONFIG_HOME", "/.config") + "/queenright/config.yaml"),
      read("/etc/queenright/config.yaml")};
  std::vector<Preference> all;
  for (const auto name : names) {
    Preference made{std::string(name), {}, "built in"};
    std::string from_environment = "QUEENRIGHT_";
    for (const char c : name) from_environment += static_cast<char>(std::toupper(c));
    if (name == "data") made.value = home("XDG_STATE_HOME", "/.local/state") + "/queenright";
    for (auto file = files.rbegin(); file != files.rend(); ++file)
      if (const auto stated = file->find(name); stated != file->end()) {
        made.value = stated->second.value;
        made.origin = stated->second.place;
      }
    if (auto value = variable(from_environment); !value.empty()) {
      made.value = std::move(value);
      made.origin = from_environment;
    }
    all.push_back(std::move(made));
  }
  return all;
}

}  // namespace

const std::vector<Preference>& preferences() {
  static const std::vector<Preference> all = gathered();
  return all;
}

const std::string& preferred(const std::string& name) {
  const auto& all = preferences();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  messages::ensure(found != all.end(), "only what can be preferred is asked for");
  return found->value;
}

}  // namespace queenright::program
