#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/program/configuration/node_config.hpp"
#include "deploy/program/document/problems.hpp"

namespace queenright::program {

/// A key that a file may have, such as "worker.slots", and how a variable says it.
struct SettingName {
  enum class Form : std::uint8_t { text, yaml };  ///< as it is, or a list or map in YAML
  std::string_view key;
  Form form = Form::text;

  std::string variable() const;  ///< "QUEENRIGHT_NODE_WORKER_SLOTS"
};

/// A value that was given, and who hears what is wrong with it.
struct Setting {
  const YamlNode* node = nullptr;  ///< nullptr: it can't be read, which was told already
  Problems* problems = nullptr;    ///< never nullptr
};

/// The values that variables give.
class Overrides {
 public:
  /// Variables with other names are errors. `environment` outlives this.
  Overrides(const Environment& environment, std::span<const SettingName> known);
  Overrides(const Overrides&) = delete;
  Overrides& operator=(const Overrides&) = delete;

  std::optional<Setting> find(std::string_view key);  ///< nothing: not given

  /// Whether anything below a key is given, such as "worker".
  bool has_below(std::string_view key) const;

  std::vector<Problem> take_errors();

 private:
  /// One variable. It is where its node's problems are found.
  struct Variable {
    Variable(const std::string& name, const std::string& text)
        : source(text), problems(name, source) {}
    SourceText source;
    Problems problems;
    std::optional<YamlNode> node;
  };

  std::map<std::string, std::unique_ptr<Variable>, std::less<>> variables_;  ///< by key
  std::vector<Problem> unknown_;
};

}  // namespace queenright::program
