#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "messages/ids.hpp"

/// Lines of words, of which some stand for something.
namespace queenright::sim {

/// What the words in capitals of a pattern stood for.
struct Blanks {
  messages::CircuitId run;                ///< RUN, CIRCUIT
  messages::NodeId queen;                 ///< QUEEN
  messages::NodeId worker;                ///< WORKER
  std::int64_t count{};                   ///< NUMBER
  std::vector<messages::Duration> times;  ///< each TIME
  std::string word;                       ///< WORD
};

struct Matched {
  std::size_t words{};  ///< how many of the pattern fit
  bool whole{};
  std::string wrong;  ///< why the next one does not; empty: it is another word
  Blanks blanks;
};

/// Whether `words` begin as the pattern says.
Matched match(std::string_view pattern, std::span<const std::string_view> words);

/// What to say of words that fit none of the patterns: by the one that fits best.
std::string misfit(std::span<const std::string_view> patterns,
                   std::span<const std::string_view> words);

}  // namespace queenright::sim
