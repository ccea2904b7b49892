#include "sim/world/agenda.hpp"

#include <algorithm>
#include <functional>

#include "messages/ensure.hpp"

namespace queenright::sim {

void Agenda::push(messages::Instant at, std::unique_ptr<Event> event) {
  heap_.push_back({at, ++order_, std::move(event)});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

std::optional<messages::Instant> Agenda::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

void Agenda::step() {
  messages::ensure(!heap_.empty(), "there is a next event");
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  const auto next = std::move(heap_.back());
  heap_.pop_back();
  now_ = next.at;
  next.event->happen();
}

}  // namespace queenright::sim
