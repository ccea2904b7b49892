#pragma once

#include <optional>
#include <string>

#include "messages/command.hpp"

/// What one worker does wrong at one step. After some failures in a row the breaker is open for a
/// while: where another worker can take the step's tasks, it gets them. Nobody else is told: the
/// step is as likely to blame as the worker. Times are circuit time.
namespace queenright::roles {

struct Breaker {
  static constexpr auto name = "Breaker";
  std::uint32_t failures{};                        ///< in a row
  std::optional<messages::Duration> open_until{};  ///< then the next attempt shows which it is

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "failures", self.failures);
    visit(2, "open_until", self.open_until);
  }
};

bool is_open(const Breaker& breaker, messages::Duration now);

/// Another failure; whether the breaker opens by it. A success needs no word: then there is none.
bool fail(Breaker& breaker, messages::Duration now);

/// That a breaker has opened: of a worker at one step, or of the worker at all.
struct BreakerOpening {
  static constexpr auto name = "BreakerOpening";
  messages::Address worker;
  std::optional<std::uint32_t> step{};  ///< none: the hive thinks so little of the worker
  messages::WallTime at;
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "step", self.step);
    visit(3, "at", self.at);
    visit(4, "reason", self.reason);
  }
};

}  // namespace queenright::roles
