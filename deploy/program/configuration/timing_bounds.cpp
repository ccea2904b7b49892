#include "deploy/program/configuration/timing_bounds.hpp"

#include "deploy/program/document/values.hpp"

namespace queenright::program {

using messages::Duration;
using namespace std::chrono_literals;

std::optional<std::string> wrong_hello(Duration hello) {
  if (hello >= 10ms && hello <= 1s) return std::nullopt;
  return "hello is 10ms to 1s, not " + duration_text(hello) +
         ": sooner than 10ms a busy machine is late for them, later than 1s a dead queen is "
         "noticed too late to be of use";
}

std::optional<std::string> wrong_lease(const messages::Timing& timing) {
  const auto& [hello, lease] = timing;
  if (2 * lease < 5 * hello)
    return "lease is at least 2.5 hellos (" + duration_text(hello * 5 / 2) +
           "), so that one lost hello ends none; it is " + duration_text(lease);
  if (lease > 20 * hello)
    return "lease is at most 20 hellos (" + duration_text(hello * 20) +
           "), since so long a dead queen leads on paper; it is " + duration_text(lease);
  return std::nullopt;
}

}  // namespace queenright::program
