#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "messages/fields.hpp"

namespace queenright::messages {

/// Writes described values in Protobuf's wire format, canonically: fields in the order of their
/// description, defaults left out, maps sorted. Equal values give equal bytes, on every machine
/// and with every version of Protobuf; digests rely on it.
class Writer {
 public:
  /// Appends to `out`, which holds all of it, and nothing else, once the writer is gone.
  explicit Writer(std::string& out)
      : out_(out), start_(out.size()), at_(out.data() + start_), end_(at_) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { out_.resize(size()); }

  template <Described T>
  void message(const T& value) {
    T::fields(value, [this](int number, const char*, const auto& field) { put(number, field); });
  }

 private:
  static constexpr std::uint32_t varint = 0;
  static constexpr std::uint32_t length_delimited = 2;
  static constexpr std::size_t longest_varint = 10;

  std::size_t size() const { return static_cast<std::size_t>(at_ - out_.data()); }

  /// For a tag and a number or length, and so many bytes more.
  void make_room(std::size_t more = 0) {
    const std::size_t wanted = 2 * longest_varint + more;
    if (static_cast<std::size_t>(end_ - at_) < wanted) grow(wanted);
  }
  void grow(std::size_t wanted);

  // These write into the room that was made.
  void raw(std::uint64_t number) {
    char* at = at_;
    for (; number >= 0x80; number >>= 7U) *at++ = static_cast<char>(number | 0x80U);
    *at++ = static_cast<char>(number);
    at_ = at;
  }
  void tag(int number, std::uint32_t type) {
    raw((static_cast<std::uint64_t>(number) << 3U) | type);
  }
  static std::uint64_t unsigned_of(std::uint64_t number) { return number; }
  static std::uint64_t unsigned_of(std::int64_t number) {  // zigzag
    return (static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63U);
  }

  /// Length, then what `body` writes. Most bodies are short, so one byte is set aside.
  template <class Body>
  void nested(int number, Body body) {
    make_room();
    tag(number, length_delimited);
    ++at_;
    const std::size_t begin = size();
    body();
    const std::size_t length = size() - begin;
    if (length < 0x80)
      out_[begin - 1] = static_cast<char>(length);
    else
      put_long_length(begin, length);
  }
  void put_long_length(std::size_t begin, std::size_t length);

  // A field that stands for itself is left out when it holds the default; an element of a
  // list, an alternative or a present optional is always written.
  template <Scalar T>
  void put(int number, const T& value) {
    if (unsigned_of(number_of(value)) != 0) always(number, value);
  }
  void put(int number, const std::string& value) {
    if (!value.empty()) always(number, value);
  }
  template <Described T>
  void put(int number, const T& value) {
    const std::size_t before = size();
    always(number, value);
    if (size() == before + empty_nested_size(number)) at_ = out_.data() + before;
  }
  template <class T>
  void put(int number, const std::vector<T>& list) {
    if (list.empty()) return;
    if constexpr (Scalar<T>)
      nested(number, [&] {
        for (const auto& element : list) {
          make_room();
          raw(unsigned_of(number_of(element)));
        }
      });
    else
      for (const auto& element : list) always(number, element);
  }
  template <class T>
  void put(int number, const std::set<T>& set) {
    for (const auto& element : set) always(number, element);
  }
  template <Map T>
  void put(int number, const T& map) {
    for (const auto& [key, value] : map)
      nested(number, [&, &k = key, &v = value] {
        put(1, k);
        put(2, v);
      });
  }
  template <class T>
  void put(int number, const std::optional<T>& value) {
    if (value) always(number, *value);
  }
  template <class... T>
  void put(int number, const std::variant<T...>& value) {
    always(number, value);
  }
  void put(int number, const Value& value) {
    if (!value.is_null()) always(number, value);
  }

  template <Scalar T>
  void always(int number, const T& value) {
    make_room();
    tag(number, varint);
    raw(unsigned_of(number_of(value)));
  }
  void always(int number, const std::string& value) {
    make_room(value.size());
    tag(number, length_delimited);
    raw(value.size());
    std::memcpy(at_, value.data(), value.size());
    at_ += value.size();
  }
  template <Described T>
  void always(int number, const T& value) {
    nested(number, [&] { message(value); });
  }
  template <class... T>
  void always(int number, const std::variant<T...>& value) {  // a oneof
    nested(number, [&] {
      std::visit([&](const auto& one) { always(static_cast<int>(value.index()) + 1, one); }, value);
    });
  }
  void always(int number, const Value& value);

  static std::size_t empty_nested_size(int number) { return number < 16 ? 2 : 3; }

  std::string& out_;         ///< with room at its end
  const std::size_t start_;  ///< what was there before
  char* at_;                 ///< in it
  char* end_;
};

template <Described T>
std::string encode(const T& value) {
  std::string out;
  Writer(out).message(value);
  return out;
}

}  // namespace queenright::messages
