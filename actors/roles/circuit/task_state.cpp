#include "actors/roles/circuit/task_state.hpp"

#include <array>
#include <string_view>

namespace queenright::roles {

std::string name_of(TaskStatus status) {
  static constexpr std::array<std::string_view, 9> names{"waiting",   "ready",   "assigned",
                                                         "succeeded", "failed",  "timed_out",
                                                         "cancelled", "skipped", "unknown"};
  return std::string(names[static_cast<std::size_t>(status)]);
}

bool is_final(TaskStatus status) {
  return status >= TaskStatus::succeeded && status != TaskStatus::unknown;
}

}  // namespace queenright::roles
