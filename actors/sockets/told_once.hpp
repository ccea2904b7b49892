#pragma once

#include <set>
#include <string>

namespace queenright::sockets {

/// Which lines have been logged: strangers decide what there is to say, and how often.
class ToldOnce {
 public:
  /// True the first time; never again once there are too many of them.
  bool is_new(const std::string& line) {
    constexpr std::size_t most = 1000;
    return told_.size() < most && told_.insert(line).second;
  }

 private:
  std::set<std::string> told_;
};

}  // namespace queenright::sockets
