#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "messages/ensure.hpp"

namespace queenright::messages {

/// A map of few short keys in one piece of memory, in their order: what is copied with every hello
/// costs one allocation, not one a key. What it has of std::map's interface means the same.
template <class K, class V>
class FlatMap {
  static_assert(sizeof(K) <= 2, "a stranger's keys, in the worst order, are still soon inserted");

 public:
  using key_type = K;
  using mapped_type = V;
  using value_type = std::pair<K, V>;

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  auto begin() { return entries_.begin(); }  ///< for the values; keys stay as they are
  auto end() { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  void clear() { entries_.clear(); }

  V& operator[](const K& key) {
    auto place = place_of(key);
    if (place == entries_.end() || place->first != key) {
      const auto index = place - entries_.begin();
      if (entries_.empty()) entries_.reserve(first_room);
      place = entries_.emplace(entries_.begin() + index, key, V{});
    }
    return place->second;
  }
  /// There must be one.
  const V& at(const K& key) const {
    const auto place = place_of(key);
    ensure(place != end() && place->first == key, "a flat map has the key that is asked for");
    return place->second;
  }
  auto find(const K& key) const {
    const auto place = place_of(key);
    return place != end() && place->first == key ? place : end();
  }
  void insert_or_assign(const K& key, V value) { (*this)[key] = std::move(value); }

 private:
  static constexpr std::size_t first_room = 8;

  static bool is_before(const value_type& entry, const K& key) { return entry.first < key; }
  auto place_of(const K& key) {
    return std::lower_bound(entries_.begin(), entries_.end(), key, is_before);
  }
  auto place_of(const K& key) const {
    return std::lower_bound(entries_.begin(), entries_.end(), key, is_before);
  }

  std::vector<value_type> entries_;
};

}  // namespace queenright::messages
