#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "messages/result.hpp"
#include "messages/value.hpp"

namespace queenright::roles {

/// What names in an expression stand for.
class Scope {
 public:
  struct Found {
    const messages::Value* value;  ///< lives as long as the scope
    std::size_t taken;             ///< how many elements of the path name it
    std::string_view refusal{};    ///< why it can't be used; empty: it can
  };
  virtual ~Scope() = default;

  /// The value that the first elements of `path` name: `vars.dir`, `steps.list.output`, `item`.
  virtual std::optional<Found> find(std::span<const std::string> path) const = 0;

  /// Whether a step that this one needs has failed: `failed()`.
  virtual bool any_failed() const = 0;
};

/// Where in a text something is wrong, and what.
struct TextError {
  std::size_t offset;  ///< in bytes from the start of the template
  std::string reason;
};

/// A text with `${{ expressions }}` in it: a small subset of CEL (docs/expressions.md). It
/// always terminates, in time and memory bounded by its inputs, and computes the same everywhere.
class Template {
 public:
  /// Parses; the first error, if there is one, goes to `error`.
  static std::optional<Template> parse(std::string_view text, TextError& error);

  /// One expression that is the whole text keeps its type; otherwise each becomes text.
  messages::Result<messages::Value> evaluate(const Scope& scope) const;

  /// Every path of names that it uses, with its offset, for checking before a run.
  struct Reference {
    std::vector<std::string> path;
    std::size_t offset;
  };
  std::vector<Reference> references() const;

  bool has_expressions() const;
  bool is_one_expression() const;  ///< and nothing else: its value keeps its type

  /// Whether failed() or always() is called: such a `when` is asked also after a failure.
  bool asks_about_failure() const;

  ~Template();
  Template(Template&&) noexcept;
  Template& operator=(Template&&) noexcept;

 private:
  struct Parsed;
  explicit Template(std::unique_ptr<Parsed> parsed);
  std::unique_ptr<Parsed> parsed_;
};

/// How a value becomes text inside a string: strings as they are, the rest as JSON.
std::string text_of(const messages::Value& value);

}  // namespace queenright::roles
