#pragma once

#include <set>
#include <string>

namespace queenright::sockets {

/// Which lines have been logged: others decide what there is to say, and how often.
class ToldOnce {
 public:
  /// What is to be logged of it: the line itself when it is new, once that there is more when there
  /// have been too many, else nothing.
  std::string worth_telling(const std::string& line) {
    constexpr std::size_t most = 1000;
    if (told_.size() > most || !told_.insert(line).second) return {};
    return told_.size() <= most ? line : "too many different refusals: no more of them is told";
  }

 private:
  std::set<std::string> told_;
};

}  // namespace queenright::sockets
