#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "messages/fields.hpp"
#include "messages/result.hpp"
#include "messages/wire_cursor.hpp"

namespace queenright::messages {

/// Reads described values from bytes that anybody may have sent. Whatever is wrong with them
/// (a length beyond the end, a number out of range, too deep, too many elements) makes `good()`
/// false; nothing is thrown, and memory stays proportional to the bytes.
class Reader {
 public:
  explicit Reader(std::string_view bytes)
      : in_(bytes), room_(bytes.size() * memory_per_byte + (1U << 16U)) {}

  bool good() const { return good_; }

  template <Described T>
  void message(T& value) {
    each_field([&](std::uint32_t tag) {
      bool known = false;
      T::fields(value, [&](int number, const char*, auto& field) {
        if (!known && number == WireCursor::number_of(tag)) {
          known = true;
          get(tag, field);
        }
      });
      if (!known) skip(tag);
    });
  }

 private:
  static constexpr int max_depth = 160;  // a Value as deep as its limit, in the deepest place
  static constexpr std::size_t memory_per_byte = 64;

  bool require(bool holds) {
    good_ = good_ && holds;
    return good_;
  }
  bool is_varint(std::uint32_t tag) {
    return require(WireCursor::type_of(tag) == WireCursor::varint);
  }
  bool is_length_delimited(std::uint32_t tag) {
    return require(WireCursor::type_of(tag) == WireCursor::length_delimited);
  }
  void skip(std::uint32_t tag) { require(in_.skip(tag)); }

  /// Calls `field` for each tag up to the end of the current length.
  template <class Field>
  void each_field(Field field) {
    std::uint32_t tag = 0;
    while (good_ && !in_.at_end())
      if (require(in_.read_tag(tag))) field(tag);
  }

  /// Reads a length and lets `body` read exactly that much.
  template <class Body>
  void nested(Body body) {
    const char* outer_end = nullptr;
    if (!require(depth_ < max_depth && in_.enter(outer_end))) return;
    ++depth_;
    body();
    --depth_;
    require(in_.at_end());
    in_.leave(outer_end);
  }

  /// Elements may be far larger in memory than on the wire: their room is bounded.
  bool take_room(std::size_t bytes) {
    if (!require(bytes <= room_)) return false;
    room_ -= bytes;
    return true;
  }

  template <Scalar T>
  void number(T& value) {
    std::uint64_t bits = 0;
    if (!require(in_.read_varint(bits))) return;
    if constexpr (std::same_as<decltype(number_of(value)), std::int64_t>)
      require(assign_number(value, static_cast<std::int64_t>((bits >> 1U) ^ (~(bits & 1U) + 1U))));
    else
      require(assign_number(value, bits));
  }

  template <Scalar T>
  void get(std::uint32_t tag, T& value) {
    if (is_varint(tag)) number(value);
  }
  void get(std::uint32_t tag, std::string& value) {
    std::string_view bytes;
    if (is_length_delimited(tag) && require(in_.read_bytes(bytes))) value = bytes;
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
        while (good_ && !in_.at_end()) {
          T element{};
          number(element);
          list.push_back(element);
        }
      });
    } else if (take_room(sizeof(T))) {
      if (list.empty()) list.reserve(sizeof(T) <= short_element ? 4 : 2);
      get(tag, list.emplace_back());
    }
  }
  template <class T>
  void get(std::uint32_t tag, std::set<T>& set) {
    if (!take_room(sizeof(T) + map_node_size)) return;
    T element{};
    get(tag, element);
    set.insert(set.end(), std::move(element));
  }
  template <Map T>
  void get(std::uint32_t tag, T& map) {
    if (!is_length_delimited(tag) || !take_room(sizeof(typename T::value_type) + map_node_size))
      return;
    nested([&] {
      std::pair<typename T::key_type, typename T::mapped_type> entry{};
      each_field([&](std::uint32_t part) {
        if (WireCursor::number_of(part) == 1)
          get(part, entry.first);
        else if (WireCursor::number_of(part) == 2)
          get(part, entry.second);
        else
          skip(part);
      });
      map.insert_or_assign(std::move(entry.first), std::move(entry.second));
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
    const bool known = ((WireCursor::number_of(tag) == Index + 1
                             ? (get(tag, value.template emplace<Index>()), true)
                             : false) ||
                        ...);
    require(known);
  }
  void get(std::uint32_t tag, Value& value);

  static constexpr std::size_t map_node_size = 48;
  static constexpr std::size_t short_element = 64;

  WireCursor in_;
  std::size_t room_;
  int depth_ = 0;
  bool good_ = true;
};

template <Described T>
Result<T> decode(std::string_view bytes) {
  T value{};
  Reader reader(bytes);
  reader.message(value);
  if (!reader.good()) return Refusal{std::string("malformed ") + T::name};
  return value;
}

}  // namespace queenright::messages
