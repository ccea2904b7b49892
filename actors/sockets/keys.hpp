#pragma once

#include <string>
#include <string_view>

namespace queenright::sockets {

/// By which a node or a client is known, on every link: CurveZMQ's, both halves in Z85 (RFC 32),
/// 40 characters each.
struct KeyPair {
  std::string public_key;
  std::string secret_key;
};

KeyPair new_key_pair();

/// 40 characters of Z85 that stand for 32 bytes.
bool is_key(std::string_view text);

/// The public half of a secret key. `secret_key` is a key.
std::string public_key_of(const std::string& secret_key);

}  // namespace queenright::sockets
