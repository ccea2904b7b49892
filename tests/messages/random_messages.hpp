#pragma once

#include "messages/client_frame.hpp"
#include "messages/effect.hpp"
#include "messages/frame.hpp"
#include "messages/input.hpp"
#include "messages/letter.hpp"

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
Letter random_letter(std::uint64_t seed);
Frame random_frame(std::uint64_t seed);
ClientRequest random_client_request(std::uint64_t seed);
ClientResponse random_client_response(std::uint64_t seed);

std::string bytes_of(const Input& input);
std::string bytes_of(const Effect& effect);
std::string bytes_of(const Letter& letter);
std::string bytes_of(const Frame& frame);
std::string bytes_of(const ClientRequest& request);
std::string bytes_of(const ClientResponse& response);

}  // namespace queenright::messages
