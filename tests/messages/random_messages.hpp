#pragma once

#include "messages/effect.hpp"
#include "messages/input.hpp"

/// Messages made from a seed: every field, every alternative, the extremes of numbers.
namespace queenright::messages {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t draw();
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(draw() % bound); }

 private:
  std::uint64_t state_;
};

Input random_input(std::uint64_t seed);
Input random_input(std::uint64_t seed, std::size_t body);
Effect random_effect(std::uint64_t seed);
Effect random_effect(std::uint64_t seed, std::size_t body);
Item random_item(std::uint64_t seed, std::size_t kind);

std::string bytes_of(const Input& input);
std::string bytes_of(const Effect& effect);

}  // namespace queenright::messages
