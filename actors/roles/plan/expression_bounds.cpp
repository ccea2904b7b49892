#include "actors/roles/plan/expression_bounds.hpp"

#include <algorithm>

namespace queenright::roles {

using messages::Refusal;
using messages::Value;

Extent& Extent::operator+=(const Extent& other) {
  depth = std::max(depth, other.depth);
  elements += other.elements;
  bytes += other.bytes;
  return *this;
}

Extent extent_of(const Value& value) {
  Extent extent;
  if (const auto* text = value.text()) {
    extent.bytes = text->size();
  } else if (const auto* list = value.list()) {
    for (const Value& element : *list) extent += extent_of(element);
    extent.elements += list->size();
    ++extent.depth;
  } else if (const auto* map = value.map()) {
    for (const auto& [key, element] : *map) {
      extent += extent_of(element);
      extent.bytes += key.size();
    }
    extent.elements += map->size();
    ++extent.depth;
  }
  return extent;
}

std::optional<Refusal> Budget::grow(Extent& whole, const Extent& part) {
  whole += part;
  if (whole.bytes > limits_.bytes) return Refusal{"makes a text of more than 16 MiB"};
  if (whole.elements > limits_.elements) return Refusal{"makes more than 200,000 elements"};
  if (whole.depth > limits_.depth) return Refusal{"makes lists or maps more than 32 deep"};
  if (part.bytes > bytes_ || part.elements > elements_)
    return Refusal{"makes too much in all: more than 64 MiB of text or 800,000 elements"};
  bytes_ -= part.bytes;
  elements_ -= part.elements;
  return std::nullopt;
}

std::optional<Refusal> Budget::spend(const Extent& extent) {
  Extent whole;
  return grow(whole, extent);
}

}  // namespace queenright::roles
