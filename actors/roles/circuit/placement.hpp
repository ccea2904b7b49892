#pragma once

#include <map>
#include <optional>

#include "messages/ids.hpp"

namespace queenright::roles {

/// Which worker gets the next attempt; none when there is none that could take it. With one
/// worker, as an embedded hive has, there is nothing to weigh.
inline std::optional<messages::Address> place(
    const std::map<messages::Address, std::uint32_t>& workers) {
  if (workers.empty()) return std::nullopt;
  return workers.begin()->first;
}

}  // namespace queenright::roles
