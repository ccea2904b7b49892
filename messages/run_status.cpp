#include "messages/run_status.hpp"

#include <algorithm>
#include <array>

namespace queenright::messages {

namespace {

constexpr std::array<std::string_view, 7> names{
    "queued", "running", "awaiting_operator", "rolling_back", "succeeded", "failed", "cancelled"};

}  // namespace

std::string name_of(RunStatus status) {
  return std::string(names[static_cast<std::size_t>(status)]);
}

std::optional<RunStatus> run_status_of(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<RunStatus>(found - names.begin());
}

bool is_over(RunStatus status) {
  return status == RunStatus::succeeded || status == RunStatus::failed ||
         status == RunStatus::cancelled;
}

bool is_at_rest(RunStatus status) {
  return is_over(status) || status == RunStatus::awaiting_operator;
}

bool is_over(std::string_view name) {
  const auto status = run_status_of(name);
  return status && is_over(*status);
}

bool is_at_rest(std::string_view name) {
  const auto status = run_status_of(name);
  return status && is_at_rest(*status);
}

}  // namespace queenright::messages
