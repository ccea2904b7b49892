#pragma once

#include <array>
#include <string>
#include <string_view>

#include "messages/fields.hpp"

namespace queenright::messages {

/// Writes described values in Protobuf's wire format, canonically: fields in the order of their
/// description, defaults left out, maps sorted. Equal values give equal bytes, on every machine
/// and with every version of Protobuf; digests rely on it.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  template <Described T>
  void message(const T& value) {
    T::fields(value, [this](int number, const char*, const auto& field) { put(number, field); });
  }

 private:
  static constexpr std::uint32_t varint = 0;
  static constexpr std::uint32_t length_delimited = 2;

  void raw(std::uint64_t number) {
    if (number < 0x80) return out_.push_back(static_cast<char>(number));  // most are
    std::array<char, 10> bytes;
    std::size_t size = 0;
    for (; number >= 0x80; number >>= 7U) bytes[size++] = static_cast<char>(number | 0x80U);
    bytes[size++] = static_cast<char>(number);
    out_.append(bytes.data(), size);
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
    tag(number, length_delimited);
    const std::size_t at = out_.size();
    out_.push_back('\0');
    body();
    const std::size_t length = out_.size() - at - 1;
    if (length < 0x80) {
      out_[at] = static_cast<char>(length);
      return;
    }
    std::string longer;
    Writer(longer).raw(length);
    out_.replace(at, 1, longer);
  }

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
    const std::size_t before = out_.size();
    always(number, value);
    if (out_.size() == before + empty_nested_size(number)) out_.resize(before);
  }
  template <class T>
  void put(int number, const std::vector<T>& list) {
    if (list.empty()) return;
    if constexpr (Scalar<T>)
      nested(number, [&] {
        for (const auto& element : list) raw(unsigned_of(number_of(element)));
      });
    else
      for (const auto& element : list) always(number, element);
  }
  template <class T>
  void put(int number, const std::set<T>& set) {
    for (const auto& element : set) always(number, element);
  }
  template <class K, class V>
  void put(int number, const std::map<K, V>& map) {
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
    tag(number, varint);
    raw(unsigned_of(number_of(value)));
  }
  void always(int number, const std::string& value) {
    tag(number, length_delimited);
    raw(value.size());
    out_ += value;
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

  std::string& out_;
};

template <Described T>
std::string encode(const T& value) {
  std::string out;
  Writer(out).message(value);
  return out;
}

}  // namespace queenright::messages
