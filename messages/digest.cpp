#include "messages/digest.hpp"

namespace queenright::messages {
namespace {

constexpr std::uint64_t multiplier = 0xC6A4A7935BD1E995U;

std::uint64_t mix(std::uint64_t word) {
  word *= multiplier;
  word ^= word >> 47U;
  return word * multiplier;
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8U * i);
  return word;
}

}  // namespace

Digest digest_of(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = seed ^ (bytes.size() * multiplier);
  while (bytes.size() >= 8) {
    hash = (hash ^ mix(little_endian(bytes.substr(0, 8)))) * multiplier;
    bytes.remove_prefix(8);
  }
  if (!bytes.empty()) hash = (hash ^ little_endian(bytes)) * multiplier;
  hash ^= hash >> 47U;
  hash *= multiplier;
  return {hash ^ (hash >> 47U)};
}

}  // namespace queenright::messages
