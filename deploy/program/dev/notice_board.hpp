#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

namespace queenright::program {

/// Where processes tell how they are, as systemd defines it (sd_notify).
class NoticeBoard {
 public:
  struct Notice {
    pid_t process;
    std::string text;
  };

  /// Throws std::system_error.
  NoticeBoard();
  ~NoticeBoard();
  NoticeBoard(const NoticeBoard&) = delete;
  NoticeBoard& operator=(const NoticeBoard&) = delete;

  const std::string& name() const { return name_; }  ///< for NOTIFY_SOCKET

  /// The next one, if it comes within `patience`.
  std::optional<Notice> next(std::chrono::milliseconds patience);

 private:
  int descriptor_;
  std::string name_;
};

}  // namespace queenright::program
