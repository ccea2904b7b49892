#pragma once

#include <cstdint>
#include <string_view>

#include "messages/ids.hpp"
#include "messages/writer.hpp"

namespace queenright::messages {

/// 64 bits that differ when bytes differ, by accident at least: for damage and divergence,
/// not against forgery.
struct Digest {
  static constexpr auto name = "Digest";
  std::uint64_t value{};
  auto operator<=>(const Digest&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "value", self.value);
  }
};

/// MurmurHash64A (Austin Appleby, public domain): the same on every machine, byte order fixed.
Digest digest_of(std::string_view bytes, std::uint64_t seed = 0);

/// The trace of all that follows from the request to which a client gave this key.
inline TraceId trace_of(std::string_view key) { return {digest_of(key).value}; }

/// Digest of a value's canonical encoding.
template <Described T>
Digest digest_of(const T& value) {
  return digest_of(std::string_view(encode(value)));
}

}  // namespace queenright::messages
