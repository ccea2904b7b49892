#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <limits>
#include <string>
#include <string_view>

#include "messages/fields.hpp"
#include "messages/result.hpp"

namespace queenright::messages {

/// Reads described values from bytes that anybody may have sent. Whatever is wrong with them
/// (a length beyond the end, a number out of range, too deep, too many elements) makes `good()`
/// false; nothing is thrown, and memory stays proportional to the bytes.
class Reader {
 public:
  explicit Reader(std::string_view bytes)
      : in_(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size())),
        room_(bytes.size() * memory_per_byte + (1U << 16U)) {
    in_.PushLimit(static_cast<int>(bytes.size()));
  }

  bool good() const { return good_; }

  template <Described T>
  void message(T& value) {
    each_field([&](std::uint32_t tag) {
      bool known = false;
      T::fields(value, [&](int number, const char*, auto& field) {
        if (!known && number == number_of_tag(tag)) {
          known = true;
          get(tag, field);
        }
      });
      if (!known) skip(tag);
    });
  }

 private:
  using WireFormat = google::protobuf::internal::WireFormatLite;
  static constexpr int max_depth = 160;  // a Value as deep as its limit, in the deepest place
  static constexpr std::size_t memory_per_byte = 64;

  static int number_of_tag(std::uint32_t tag) { return WireFormat::GetTagFieldNumber(tag); }
  void fail() { good_ = false; }
  bool require(bool holds) {
    if (!holds) fail();
    return good_;
  }
  bool is_varint(std::uint32_t tag) {
    return require(WireFormat::GetTagWireType(tag) == WireFormat::WIRETYPE_VARINT);
  }
  bool is_length_delimited(std::uint32_t tag) {
    return require(WireFormat::GetTagWireType(tag) == WireFormat::WIRETYPE_LENGTH_DELIMITED);
  }
  void skip(std::uint32_t tag) { require(WireFormat::SkipField(&in_, tag)); }

  /// Calls `field` for each tag up to the end of the current length.
  template <class Field>
  void each_field(Field field) {
    while (good_) {
      const std::uint32_t tag = in_.ReadTag();
      if (tag == 0) {
        require(in_.ConsumedEntireMessage());
        return;
      }
      field(tag);
    }
  }

  /// Reads a length and lets `body` read exactly that much.
  template <class Body>
  void nested(Body body) {
    std::uint32_t length = 0;
    if (!require(in_.ReadVarint32(&length) && depth_ < max_depth &&
                 length <= static_cast<std::uint32_t>(in_.BytesUntilLimit())))
      return;
    const auto outer = in_.PushLimit(static_cast<int>(length));
    ++depth_;
    body();
    --depth_;
    require(in_.BytesUntilLimit() == 0);
    in_.PopLimit(outer);
  }

  /// Elements may be far larger in memory than on the wire: their room is bounded.
  bool take_room(std::size_t bytes) {
    if (!require(bytes <= room_)) return false;
    room_ -= bytes;
    return true;
  }

  template <Scalar T>
  void number(T& value) {
    std::uint64_t raw = 0;
    if (!require(in_.ReadVarint64(&raw))) return;
    if constexpr (std::same_as<decltype(number_of(value)), std::int64_t>)
      require(assign_number(value, static_cast<std::int64_t>((raw >> 1U) ^ (~(raw & 1U) + 1U))));
    else
      require(assign_number(value, raw));
  }

  template <Scalar T>
  void get(std::uint32_t tag, T& value) {
    if (is_varint(tag)) number(value);
  }
  void get(std::uint32_t tag, std::string& value) {
    std::uint32_t length = 0;
    if (!is_length_delimited(tag)) return;
    if (require(in_.ReadVarint32(&length) &&
                length <= static_cast<std::uint32_t>(in_.BytesUntilLimit())))
      require(in_.ReadString(&value, static_cast<int>(length)));
  }
  template <Described T>
  void get(std::uint32_t tag, T& value) {
    if (is_length_delimited(tag)) nested([&] { message(value); });
  }
  template <class T>
  void get(std::uint32_t tag, std::vector<T>& list) {
    if constexpr (Scalar<T>) {
      if (!is_length_delimited(tag)) return;
      nested([&] {
        while (good_ && in_.BytesUntilLimit() > 0) {
          T element{};
          number(element);
          list.push_back(element);
        }
      });
    } else if (take_room(sizeof(T))) {
      get(tag, list.emplace_back());
    }
  }
  template <class K, class V>
  void get(std::uint32_t tag, std::map<K, V>& map) {
    if (!is_length_delimited(tag) || !take_room(sizeof(std::pair<K, V>) + map_node_size)) return;
    nested([&] {
      std::pair<K, V> entry{};
      each_field([&](std::uint32_t part) {
        if (number_of_tag(part) == 1)
          get(part, entry.first);
        else if (number_of_tag(part) == 2)
          get(part, entry.second);
        else
          skip(part);
      });
      map.insert_or_assign(map.end(), std::move(entry.first), std::move(entry.second));
    });
  }
  template <class T>
  void get(std::uint32_t tag, std::optional<T>& value) {
    get(tag, value.emplace());
  }
  template <class... T>
  void get(std::uint32_t tag, std::variant<T...>& value) {
    if (!is_length_delimited(tag)) return;
    bool found = false;
    nested([&] {
      each_field([&](std::uint32_t part) {
        found = true;
        alternative(part, value, std::make_integer_sequence<int, sizeof...(T)>{});
      });
    });
    require(found);
  }
  template <class Variant, int... Index>
  void alternative(std::uint32_t tag, Variant& value, std::integer_sequence<int, Index...>) {
    const bool known =
        ((number_of_tag(tag) == Index + 1 ? (get(tag, value.template emplace<Index>()), true)
                                          : false) ||
         ...);
    require(known);
  }
  void get(std::uint32_t tag, Value& value);

  static constexpr std::size_t map_node_size = 48;

  google::protobuf::io::CodedInputStream in_;
  std::size_t room_;
  int depth_ = 0;
  bool good_ = true;
};

template <Described T>
Result<T> decode(std::string_view bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return Refusal{"more than 2 GiB in one message"};
  T value{};
  Reader reader(bytes);
  reader.message(value);
  if (!reader.good()) return Refusal{std::string("malformed ") + T::name};
  return value;
}

}  // namespace queenright::messages
