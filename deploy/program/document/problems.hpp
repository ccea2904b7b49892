#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deploy/program/document/source_text.hpp"
#include "deploy/program/document/yaml_tree.hpp"

namespace queenright::program {

/// What is wrong with a file, or looks wrong. Printed as `file:line:column: what`.
struct Problem {
  std::string file;  ///< or the option of the command line it is about
  Place place;       ///< line 0: none
  std::string what;
};
std::string text_of(const Problem& problem);

/// A text of the file as errors tell it: in quotes, and cut when it is long.
std::string in_quotes(std::string_view text);

/// Collects all that is wrong with one file.
class Problems {
 public:
  Problems(std::string file, const SourceText& source) : file_(std::move(file)), source_(source) {}

  void error(std::size_t offset, std::string what);
  void error(const YamlNode& node, std::string what) { error(node.offset, std::move(what)); }
  void error_within(const YamlNode& scalar, std::size_t offset, std::string what);
  void error_given_twice(const YamlNode& node, const std::string& what, const YamlNode& first);
  void error_in_option(std::string option, std::string what);
  void warning(const YamlNode& node, std::string what);

  bool none() const { return errors_.empty(); }

  /// Names are compared with all others for an error's advice only while there are few errors.
  bool few() const { return errors_.size() < 100; }

  Place place_of(const YamlNode& node) const { return source_.place_of(node.offset); }

  std::vector<Problem> take_errors() { return in_order(std::move(errors_)); }
  std::vector<Problem> take_warnings() { return in_order(std::move(warnings_)); }

 private:
  static constexpr std::size_t most = 1000;
  static std::vector<Problem> in_order(std::vector<Problem> problems);
  void add(std::vector<Problem>& problems, Problem problem) const;

  std::string file_;
  const SourceText& source_;
  std::vector<Problem> errors_;
  std::vector<Problem> warnings_;
};

}  // namespace queenright::program
