#include "tests/messages/memory_meter.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace queenright::messages::memory_meter {
namespace {

std::size_t held_bytes = 0;
std::size_t peak_bytes = 0;

}  // namespace

std::size_t held() { return held_bytes; }
std::size_t peak() { return peak_bytes; }
void restart_peak() { peak_bytes = held_bytes; }

void* take(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  held_bytes += malloc_usable_size(memory);
  peak_bytes = std::max(peak_bytes, held_bytes);
  return memory;
}

void give_back(void* memory) {
  if (memory == nullptr) return;
  held_bytes -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace queenright::messages::memory_meter

void* operator new(std::size_t size) { return queenright::messages::memory_meter::take(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return queenright::messages::memory_meter::take(size);
}
void operator delete(void* memory) noexcept {
  queenright::messages::memory_meter::give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  queenright::messages::memory_meter::give_back(memory);
}
