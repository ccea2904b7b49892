#include "deploy/program/node/service_watchdog.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace queenright::program {
namespace {

std::optional<std::int64_t> number_in(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  const std::string_view digits(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::chrono::microseconds> watchdog_time() {
  const auto time = number_in("WATCHDOG_USEC");
  if (!time || *time <= 0) return std::nullopt;
  if (std::getenv("WATCHDOG_PID") != nullptr && number_in("WATCHDOG_PID") != ::getpid())
    return std::nullopt;
  return std::chrono::microseconds{*time};
}

ServiceWatchdog::ServiceWatchdog(Ports ports, messages::NodeId node,
                                 std::vector<messages::RoleId> roles,
                                 std::chrono::microseconds time)
    : ports_(std::move(ports)), node_(node), roles_(std::move(roles)), period_(time / 2) {}

ServiceWatchdog::~ServiceWatchdog() { stop(); }

messages::Address ServiceWatchdog::address(messages::NodeId node) {
  return {node, {messages::RoleKind::client, 0}};
}

void ServiceWatchdog::begin() {
  thread_ = std::thread([this] { run(); });
}

void ServiceWatchdog::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

/// An answer to a round before is late news.
void ServiceWatchdog::answered(const std::vector<messages::Item>& items) {
  const std::lock_guard lock(mutex_);
  for (const auto& item : items) {
    const auto* answer = std::get_if<messages::Answer>(&item);
    if (answer == nullptr || answer->key.sequence != round_) continue;
    for (const auto& role : roles_)
      if (answer->key.session == name_of(role)) silent_.erase(role);
  }
  changed_.notify_all();
}

void ServiceWatchdog::ask_all() {
  std::uint64_t round = 0;
  {
    const std::lock_guard lock(mutex_);
    round = ++round_;
    silent_ = {roles_.begin(), roles_.end()};
  }
  for (const auto& role : roles_)
    ports_.ask(role,
               {address(node_),
                {messages::Inspect{
                    {name_of(role), round}, messages::Inspected::tree, messages::hive_circuit}}});
}

/// Without the lock: it may take long.
void ServiceWatchdog::tell_who_is_silent(Time asked_at) {
  std::string names;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& role : silent_) names += (names.empty() ? "" : ", ") + name_of(role);
  }
  const auto since =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - asked_at);
  ports_.notify("STATUS=no answer for " + std::to_string(since.count()) + " s from: " + names);
}

void ServiceWatchdog::run() {
  for (;;) {
    const Time asked_at = std::chrono::steady_clock::now();
    ask_all();
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, period_, [this] { return silent_.empty() || stopping_; })) {
      lock.unlock();
      tell_who_is_silent(asked_at);
      lock.lock();
    }
    if (stopping_) return;
    lock.unlock();
    ports_.notify("WATCHDOG=1\nSTATUS=" + ports_.status());
    lock.lock();
    if (changed_.wait_until(lock, asked_at + period_, [this] { return stopping_; })) return;
  }
}

}  // namespace queenright::program
