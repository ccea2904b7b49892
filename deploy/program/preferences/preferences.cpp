#include "deploy/program/preferences/preferences.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <utility>

#include "deploy/program/document/document.hpp"
#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/document/values.hpp"
#include "deploy/program/formats.hpp"
#include "messages/ensure.hpp"

namespace queenright::program {
namespace {

namespace fs = std::filesystem;

constexpr DocumentKind preferences_kind{"preference", std::size_t{1} << 20U};
constexpr std::array<std::string_view, 4> names{"data", "hive", "keys", "output"};
constexpr const char* own_name = "config.yaml";
constexpr const char* no_format = "output is human, json, yaml, jsonl or name";

/// What only the files of hives, nodes and clients say.
constexpr std::array<std::string_view, 6> keys_of_others{"members", "node",   "nodes",
                                                         "id",      "client", "queens"};

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

bool is_of_another(const fs::path& path, const YamlNode& root) {
  bool found = false;
  if (root.kind == YamlNode::Kind::map && path.filename() != own_name)
    root.entries([&](const YamlNode& key, const YamlNode&) {
      found = found || std::find(keys_of_others.begin(), keys_of_others.end(), key.text) !=
                           keys_of_others.end();
    });
  return found;
}

/// As a shell would take it there, where the file is.
std::string meant_by(std::string_view name, const std::string& text, const fs::path& file) {
  if (name == "output" || text.starts_with("tcp://")) return text;
  if (text == "~" || text.starts_with("~/")) return variable("HOME") + text.substr(1);
  return (file.parent_path() / text).lexically_normal().string();
}

void read(const fs::path& path, File& stated, std::vector<Problem>& errors) {
  const auto findings =
      read_document_file(path, preferences_kind, [&](const YamlNode& root, Problems& problems) {
        if (is_of_another(path, root)) return;
        const Keys keys(root, "a file of preferences", names, {}, problems);
        for (const auto name : names) {
          const auto* node = keys.find(name);
          if (node == nullptr) continue;
          const auto text = ValueReader(problems).text(*node, name);
          if (name == "output" && text && !is_format(*text))
            problems.error(*node, no_format);
          else if (text)
            stated[std::string(name)] = {
                meant_by(name, *text, path),
                path.string() + ":" + std::to_string(problems.place_of(*node).line)};
        }
      });
  errors.insert(errors.end(), findings.errors.begin(), findings.errors.end());
}

/// Those that this user may read: what is kept from him is not for him.
std::vector<fs::path> files_of(const fs::path& machine) {
  std::vector<fs::path> files;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(machine, missing))
    if (entry.path().extension() == ".yaml" && entry.is_regular_file(missing) &&
        ::access(entry.path().c_str(), R_OK) == 0)
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

Preference from_environment(std::string_view name, Preference otherwise,
                            std::vector<Problem>& errors) {
  std::string from = "QUEENRIGHT_";
  for (const char c : name) from += static_cast<char>(std::toupper(c));
  auto value = variable(from);
  if (value.empty()) return otherwise;
  if (name == "output" && !is_format(value)) {
    errors.push_back({from, {}, no_format + (", not " + in_quotes(value))});
    return otherwise;
  }
  return {std::string(name), std::move(value), std::move(from)};
}

}  // namespace

Preferences read_preferences(const fs::path& user, const fs::path& machine) {
  Preferences made;
  File stated;
  for (const auto& file : files_of(machine)) read(file, stated, made.errors);
  std::error_code unreadable;
  if (fs::exists(user, unreadable)) read(user, stated, made.errors);
  for (const auto name : names) {
    Preference one{std::string(name), {}, "built in"};
    if (name == "data") one.value = home("XDG_STATE_HOME", "/.local/state") + "/queenright";
    if (const auto found = stated.find(name); found != stated.end()) {
      one.value = found->second.value;
      one.origin = found->second.place;
    }
    made.all.push_back(from_environment(name, std::move(one), made.errors));
  }
  return made;
}

namespace {

const Preferences& those_of_this_process() {
  static const Preferences made = read_preferences(
      home("XDG_CONFIG_HOME", "/.config") + "/queenright/config.yaml", "/etc/queenright");
  return made;
}

}  // namespace

const std::vector<Preference>& preferences() { return those_of_this_process().all; }

void require_preferences() { refuse_errors(those_of_this_process().errors, "what is preferred"); }

const Preference& preference(const std::string& name) {
  const auto& all = preferences();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  messages::ensure(found != all.end(), "only what can be preferred is asked for");
  return *found;
}

const std::string& preferred(const std::string& name) { return preference(name).value; }

}  // namespace queenright::program
