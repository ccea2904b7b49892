#include "sim/scenario/line_pattern.hpp"

#include <algorithm>

#include "messages/near_name.hpp"
#include "sim/faults/fault.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::sim {
namespace {

using messages::in_quotes;

/// Why `word` is not what the blank stands for; empty: it is.
std::string fill(Blanks& blanks, std::string_view blank, std::string_view word) {
  if (blank == "WORD") {
    blanks.word = word;
    return "";
  }
  if (blank == "TIME") {
    const auto time = time_of(word);
    if (!time || *time < messages::Duration{})
      return in_quotes(word) + " is no time; write 300ms or 1.5s";
    blanks.times.push_back(*time);
    return "";
  }
  const auto number = number_of(word);
  constexpr std::int64_t most = 1'000'000;
  if (!number || *number < 0 || *number > most) return in_quotes(word) + " is no number";
  if (blank == "RUN" || blank == "CIRCUIT") blanks.run = {static_cast<std::uint64_t>(*number)};
  if (blank == "NUMBER") blanks.count = *number;
  if (blank != "QUEEN" && blank != "WORKER") return "";
  const bool queen = blank == "QUEEN";
  if (*number < 1 || *number > 1000)
    return in_quotes(word) + (queen ? " is no queen" : " is no worker");
  (queen ? blanks.queen : blanks.worker) = {static_cast<messages::NodeId::number_type>(*number)};
  return "";
}

bool is_blank(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

Matched match(std::string_view pattern, std::span<const std::string_view> words) {
  Matched matched;
  const auto wanted = words_of(pattern);
  for (; matched.words < wanted.size(); ++matched.words) {
    if (matched.words == words.size()) {
      matched.wrong = in_quotes(wanted[matched.words]) + " is missing";
      return matched;
    }
    const std::string_view word = words[matched.words];
    const std::string_view expected = wanted[matched.words];
    if (!is_blank(expected)) {
      if (word != expected) return matched;
      continue;
    }
    matched.wrong = fill(matched.blanks, expected, word);
    if (!matched.wrong.empty()) return matched;
  }
  matched.whole = true;
  return matched;
}

std::string misfit(std::span<const std::string_view> patterns,
                   std::span<const std::string_view> words) {
  Matched best;
  std::string_view pattern;
  std::vector<std::string_view> known;  // words that may stand where the best one fits no more
  for (const std::string_view one : patterns) {
    const auto matched = match(one, words);
    const auto wanted = words_of(one);
    const bool better = pattern.empty() || matched.words > best.words ||
                        (matched.words == best.words && best.wrong.empty());
    if (pattern.empty() || matched.words > best.words) known.clear();
    if ((pattern.empty() || matched.words >= best.words) && matched.words < wanted.size())
      known.push_back(wanted[matched.words]);
    if (!better) continue;
    best = matched;
    pattern = one;
  }
  if (!best.wrong.empty()) return best.wrong + ": write " + in_quotes(pattern);
  const std::string_view word = words[best.words];
  const std::string near = messages::did_you_mean(word, known);
  return in_quotes(word) + " fits nothing here" +
         (near.empty() ? "; write " + in_quotes(pattern) : near);
}

}  // namespace queenright::sim
