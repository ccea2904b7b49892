#pragma once

#include <cstddef>

namespace queenright::messages {

/// Runs `action` and tells how many bytes of heap it held at most beyond what was held before.
/// Counts every operator new of this test program; for one thread.
template <class Action>
std::size_t peak_memory_of(Action action);

namespace memory_meter {
std::size_t held();
std::size_t peak();
void restart_peak();
}  // namespace memory_meter

template <class Action>
std::size_t peak_memory_of(Action action) {
  const std::size_t before = memory_meter::held();
  memory_meter::restart_peak();
  action();
  return memory_meter::peak() - before;
}

}  // namespace queenright::messages
