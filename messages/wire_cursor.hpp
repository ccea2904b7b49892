#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace queenright::messages {

/// Walks over bytes in Protobuf's wire format, never beyond their end. What gives a bool gives
/// false when the bytes are malformed; then the place is of no meaning any more.
class WireCursor {
 public:
  enum WireType : std::uint8_t { varint = 0, fixed64 = 1, length_delimited = 2, fixed32 = 5 };
  static WireType type_of(std::uint32_t tag) { return static_cast<WireType>(tag & 7U); }
  static int number_of(std::uint32_t tag) { return static_cast<int>(tag >> 3U); }

  explicit WireCursor(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool at_end() const { return at_ == end_; }

  bool read_tag(std::uint32_t& tag) {
    std::uint64_t number = 0;
    if (!read_varint(number) || number > std::numeric_limits<std::uint32_t>::max()) return false;
    tag = static_cast<std::uint32_t>(number);
    return number_of(tag) != 0;
  }
  bool read_varint(std::uint64_t& number) {
    if (at_ == end_ || (*at_ & 0x80) != 0) return read_long_varint(number);
    number = static_cast<std::uint8_t>(*at_++);  // most are one byte
    return true;
  }

  /// The bytes of something length-delimited; they are behind the cursor then.
  bool read_bytes(std::string_view& bytes) {
    std::size_t length = 0;
    if (!read_length(length)) return false;
    bytes = {at_, length};
    at_ += length;
    return true;
  }

  /// Skips the field of this tag. Groups are no part of the contract.
  bool skip(std::uint32_t tag);

  /// Enters something length-delimited, which is left by giving `leave` what came from here.
  bool enter(const char*& outer_end) {
    std::size_t length = 0;
    if (!read_length(length)) return false;
    outer_end = end_;
    end_ = at_ + length;
    return true;
  }
  void leave(const char* outer_end) { end_ = outer_end; }

 private:
  bool read_long_varint(std::uint64_t& number);
  bool read_length(std::size_t& length) {
    std::uint64_t number = 0;
    if (!read_varint(number) || number > static_cast<std::uint64_t>(end_ - at_)) return false;
    length = number;
    return true;
  }

  const char* at_;
  const char* end_;  ///< of what is being read
};

}  // namespace queenright::messages
