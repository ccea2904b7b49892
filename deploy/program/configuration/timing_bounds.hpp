#pragma once

#include <optional>
#include <string>

#include "messages/timing.hpp"

/// What timing a hive can have.
namespace queenright::program {

/// Why hellos can't be so far apart; nothing: they can.
std::optional<std::string> wrong_hello(messages::Duration hello);

/// Why the lease does not go with the hellos, as "lease is at least 2.5 hellos (50ms), ...".
std::optional<std::string> wrong_lease(const messages::Timing& timing);

}  // namespace queenright::program
