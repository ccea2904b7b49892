#pragma once

#include <cstdint>
#include <string_view>

namespace queenright::persistence {

/// The number at the start of `bytes`, least significant byte first.
template <class Number>
Number load_little(std::string_view bytes) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    number |= static_cast<Number>(Number{static_cast<unsigned char>(bytes[i])} << (8U * i));
  return number;
}

template <class Number>
void store_little(char* to, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    to[i] = static_cast<char>(static_cast<unsigned char>(number >> (8U * i)));
}

}  // namespace queenright::persistence
