#pragma once

#include <string>
#include <vector>

#include "deploy/program/source_text.hpp"
#include "deploy/program/yaml_tree.hpp"

namespace queenright::program {

/// What is wrong with a plan, or looks wrong. Printed as `file:line:column: what`.
struct PlanProblem {
  std::string file;  ///< or the option of the command line it is about
  Place place;       ///< line 0: none
  std::string what;
};
std::string text_of(const PlanProblem& problem);

/// Collects all that is wrong with one file.
class PlanProblems {
 public:
  PlanProblems(std::string file, const SourceText& source)
      : file_(std::move(file)), source_(source) {}

  void error(std::size_t offset, std::string what);
  void error(const YamlNode& node, std::string what) { error(node.offset, std::move(what)); }
  void error_within(const YamlNode& scalar, std::size_t offset, std::string what);
  void error_in_option(std::string option, std::string what);
  void warning(const YamlNode& node, std::string what);

  bool none() const { return errors_.empty(); }

  /// Names are compared with all others for an error's advice only while there are few errors.
  bool few() const { return errors_.size() < 100; }

  Place place_of(const YamlNode& node) const { return source_.place_of(node.offset); }

  std::vector<PlanProblem> take_errors() { return in_order(std::move(errors_)); }
  std::vector<PlanProblem> take_warnings() { return in_order(std::move(warnings_)); }

 private:
  static constexpr std::size_t most = 1000;
  static std::vector<PlanProblem> in_order(std::vector<PlanProblem> problems);
  void add(std::vector<PlanProblem>& problems, PlanProblem problem) const;

  std::string file_;
  const SourceText& source_;
  std::vector<PlanProblem> errors_;
  std::vector<PlanProblem> warnings_;
};

}  // namespace queenright::program
