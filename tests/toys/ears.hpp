#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "messages/codec.hpp"
#include "messages/outlet.hpp"
#include "tests/toys/toy_role.hpp"

namespace queenright::toys {

/// Far longer than anything should take; who waits so long has failed.
inline constexpr std::chrono::seconds patience{60};

/// Keeps what is released, to be looked at and waited for. Any thread.
class Ears : public messages::Outlet {
 public:
  struct Heard {
    messages::TraceId trace;
    messages::Cause cause;
    messages::Effect effect;
  };

  void release(messages::TraceId trace, messages::Cause cause, messages::Effect effect) override {
    const std::lock_guard lock(mutex_);
    heard_.push_back({trace, cause, std::move(effect)});
    changed_.notify_all();
  }

  std::vector<Heard> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

  /// What toys told the client, in the order in which it was released.
  std::vector<std::string> words() const {
    std::vector<std::string> words;
    for (const auto& one : heard())
      if (auto word = what_was_told(one.effect); !word.empty()) words.push_back(std::move(word));
    return words;
  }

  /// False when it has not come true within the time of our patience.
  bool wait_until(const std::function<bool(const std::vector<Heard>&)>& holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return holds(heard_); });
  }
  bool wait_for(const std::string& word, std::ptrdiff_t times = 1) {
    return wait_until([&](const std::vector<Heard>& heard) {
      return std::count_if(heard.begin(), heard.end(), [&](const Heard& one) {
               return what_was_told(one.effect) == word;
             }) >= times;
    });
  }
  bool wait_for_count(std::size_t count) {
    return wait_until([&](const std::vector<Heard>& heard) { return heard.size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Heard> heard_;
};

}  // namespace queenright::toys
