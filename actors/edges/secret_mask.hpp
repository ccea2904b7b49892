#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/value.hpp"

namespace queenright::edges {

/// Takes the values of secrets out of a stream: *** stands for each, or for several that overlap.
/// What is written differently (encoded, in parts) it does not know.
class SecretMask {
 public:
  SecretMask() = default;
  explicit SecretMask(std::vector<std::string> values);  ///< none of them empty

  bool masks() const { return !values_.empty(); }

  /// What can be told of the stream once this piece has come; what may be the beginning of a value
  /// is held back.
  std::string next(std::string_view piece);

  /// What is held back at the end of the stream.
  std::string rest();

  /// All texts in a value that is no stream.
  messages::Value masked(messages::Value value) const;

 private:
  struct Found {
    std::size_t at;
    std::size_t size;  ///< 0: it may begin there, and the stream goes on
  };
  Found find(std::string_view text, std::size_t from, bool goes_on) const;
  std::size_t end_of_overlap(std::string_view text, const Found& first) const;
  bool may_begin_at(std::string_view text, std::size_t at) const;
  std::string masked(std::string_view text, bool goes_on, std::size_t& told) const;

  std::vector<std::string> values_;  ///< the longest first
  std::string held_;
};

}  // namespace queenright::edges
