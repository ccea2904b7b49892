#include "actors/sockets/keys.hpp"

#include <zmq.h>

#include <array>
#include <cstdint>

#include "messages/ensure.hpp"

namespace queenright::sockets {
namespace {

constexpr std::size_t key_characters = 40;
constexpr std::size_t key_bytes = 32;
using KeyText = std::array<char, key_characters + 1>;  // with the NUL that libzmq writes

}  // namespace

KeyPair new_key_pair() {
  KeyText public_key{};
  KeyText secret_key{};
  messages::ensure(zmq_curve_keypair(public_key.data(), secret_key.data()) == 0,
                   "libzmq was built with CURVE");
  return {public_key.data(), secret_key.data()};
}

bool is_key(std::string_view text) {
  if (text.size() != key_characters || text.find('\0') != std::string_view::npos) return false;
  std::array<std::uint8_t, key_bytes> bytes{};
  return zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

std::string public_key_of(const std::string& secret_key) {
  messages::ensure(is_key(secret_key), "a secret key is a key");
  KeyText public_key{};
  messages::ensure(zmq_curve_public(public_key.data(), secret_key.c_str()) == 0,
                   "libzmq was built with CURVE");
  return public_key.data();
}

}  // namespace queenright::sockets
