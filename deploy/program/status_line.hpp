#pragma once

#include <chrono>
#include <string>

namespace queenright::program {

/// One line on stderr that is written anew again and again, on a terminal.
class StatusLine {
 public:
  ~StatusLine() { clear(); }

  static std::size_t width();  ///< what has room now

  /// Whether it is time to draw it again.
  bool is_due() const;
  void show(const std::string& text);  ///< cut to the terminal's width
  void clear();                        ///< takes the line away

 private:
  std::chrono::steady_clock::time_point drawn_;
  bool shown_ = false;
};

}  // namespace queenright::program
