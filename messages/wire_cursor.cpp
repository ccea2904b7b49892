#include "messages/wire_cursor.hpp"

namespace queenright::messages {

bool WireCursor::read_long_varint(std::uint64_t& number) {
  std::uint64_t bits = 0;
  const char* at = at_;
  for (unsigned shift = 0; shift < 64 && at != end_; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(*at++);
    bits |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) != 0) continue;
    number = bits;
    at_ = at;
    return true;
  }
  return false;
}

bool WireCursor::skip(std::uint32_t tag) {
  std::uint64_t number = 0;
  std::string_view bytes;
  switch (type_of(tag)) {
    case varint: return read_varint(number);
    case length_delimited: return read_bytes(bytes);
    case fixed64:
    case fixed32: {
      const std::ptrdiff_t size = type_of(tag) == fixed64 ? 8 : 4;
      if (end_ - at_ < size) return false;
      at_ += size;
      return true;
    }
  }
  return false;
}

}  // namespace queenright::messages
