#include "deploy/program/random_key.hpp"

#include <sodium.h>

#include <array>
#include <span>

#include "messages/ensure.hpp"

namespace queenright::program {
namespace {

std::string hexadecimal(std::span<const unsigned char> bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

}  // namespace

std::string random_key() {
  messages::ensure(sodium_init() >= 0, "libsodium starts");
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return hexadecimal(bytes);
}

}  // namespace queenright::program
