#pragma once

#include <condition_variable>
#include <limits>
#include <mutex>

#include "tests/toys/ears.hpp"

namespace queenright::toys {

/// Where a thread stops until it is let through. Closed at first.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    const std::uint64_t number = ++visitors_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return number <= admitted_; });
  }

  void let_one_through() { admit(1); }
  void open() { admit(std::numeric_limits<std::uint32_t>::max()); }

  /// Until so many have come, waiting or through; false when they don't come.
  bool wait_for_visitors(std::uint64_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return visitors_ >= count; });
  }

 private:
  void admit(std::uint64_t more) {
    const std::lock_guard lock(mutex_);
    admitted_ += more;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t visitors_ = 0;
  std::uint64_t admitted_ = 0;
};

}  // namespace queenright::toys
