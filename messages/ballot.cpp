#include "messages/ballot.hpp"

namespace queenright::messages {

/// The last mix of splitmix64 (Steele, Lea, Flood 2014).
std::uint16_t tie_of(CircuitId circuit, NodeId queen) {
  std::uint64_t word = circuit.value * 0x9E3779B97F4A7C15U + queen.value;
  word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
  word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
  return static_cast<std::uint16_t>(word >> 48U);
}

}  // namespace queenright::messages
