#include "messages/wire_cursor.hpp"

#include <limits>

namespace queenright::messages {

bool WireCursor::read_tag(std::uint32_t& tag) {
  std::uint64_t number = 0;
  if (!read_varint(number) || number > std::numeric_limits<std::uint32_t>::max()) return false;
  tag = static_cast<std::uint32_t>(number);
  return number_of(tag) != 0;
}

bool WireCursor::read_long_varint(std::uint64_t& number) {
  std::uint64_t bits = 0;
  for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(*at_++);
    bits |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) != 0) continue;
    number = bits;
    return true;
  }
  return false;
}

bool WireCursor::read_length(std::size_t& length) {
  std::uint64_t number = 0;
  if (!read_varint(number) || number > static_cast<std::uint64_t>(end_ - at_)) return false;
  length = number;
  return true;
}

bool WireCursor::read_bytes(std::string_view& bytes) {
  std::size_t length = 0;
  if (!read_length(length)) return false;
  bytes = {at_, length};
  at_ += length;
  return true;
}

bool WireCursor::enter(const char*& outer_end) {
  std::size_t length = 0;
  if (!read_length(length)) return false;
  outer_end = end_;
  end_ = at_ + length;
  return true;
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
