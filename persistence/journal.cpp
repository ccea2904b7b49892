#include "persistence/journal.hpp"

namespace queenright::persistence {
namespace {

constexpr auto clean_stop_name = "clean stop";

}  // namespace

void mark_clean_stop(Journal& journal) {
  journal.put_metadata(clean_stop_name, std::to_string(journal.tail().last.value));
}

bool stopped_cleanly(const Recording& recording) {
  return recording.metadata(clean_stop_name) == std::to_string(recording.tail().last.value);
}

}  // namespace queenright::persistence
