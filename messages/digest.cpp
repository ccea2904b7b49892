#include "messages/digest.hpp"

#include <bit>
#include <cstring>

namespace queenright::messages {
namespace {

constexpr std::uint64_t multiplier = 0xC6A4A7935BD1E995U;

std::uint64_t mix(std::uint64_t word) {
  word *= multiplier;
  word ^= word >> 47U;
  return word * multiplier;
}

static_assert(std::endian::native == std::endian::little, "digests are of little-endian words");

std::uint64_t word_at(const char* bytes, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, size);
  return word;
}

}  // namespace

Digest digest_of(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = seed ^ (bytes.size() * multiplier);
  for (; bytes.size() >= 8; bytes.remove_prefix(8))
    hash = (hash ^ mix(word_at(bytes.data(), 8))) * multiplier;
  if (!bytes.empty()) hash = (hash ^ word_at(bytes.data(), bytes.size())) * multiplier;
  hash ^= hash >> 47U;
  hash *= multiplier;
  return {hash ^ (hash >> 47U)};
}

}  // namespace queenright::messages
