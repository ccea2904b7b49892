#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "messages/input.hpp"

namespace queenright::program {

/// How often systemd wants to hear from this process, by WATCHDOG_USEC and WATCHDOG_PID; none: it
/// does not.
std::optional<std::chrono::microseconds> watchdog_time();

/// Tells systemd that the node works, when it has just worked: each role is asked something, the
/// question takes its turn, is journaled, and what comes back has waited for the sync. A role, a
/// thread or a disk that is stuck thus keeps the watchdog hungry, and systemd starts the node
/// again.
class ServiceWatchdog {
 public:
  struct Ports {
    /// Delivers a question to a role of this node. What the role answers comes to `answered`.
    std::function<void(messages::RoleId, messages::Envelope)> ask;
    std::function<void(const std::string&)> notify;  ///< as systemd defines it (sd_notify)
    std::function<std::string()> status;             ///< a line for people
  };

  /// Says something every `time` / 2.
  ServiceWatchdog(Ports ports, messages::NodeId node, std::vector<messages::RoleId> roles,
                  std::chrono::microseconds time);
  ~ServiceWatchdog();

  /// Whom answers are sent to: nobody else has this address.
  static messages::Address address(messages::NodeId node);

  void begin();                                             ///< once; answers may come from now on
  void answered(const std::vector<messages::Item>& items);  ///< any thread
  void stop();

 private:
  using Time = std::chrono::steady_clock::time_point;

  void run();
  void ask_all();
  void tell_who_is_silent(Time asked_at);

  const Ports ports_;
  const messages::NodeId node_;
  const std::vector<messages::RoleId> roles_;
  const std::chrono::microseconds period_;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::uint64_t round_ = 0;
  std::set<messages::RoleId> silent_;  ///< asked in this round, and not heard
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace queenright::program
