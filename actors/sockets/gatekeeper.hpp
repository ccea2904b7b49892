#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <zmq.hpp>

namespace queenright::sockets {

/// By public key (40 characters), the name under which messages of that key come in.
using AllowList = std::map<std::string, std::string>;

/// Decides who is let in on the guarded sockets of a context (ZAP, RFC 27). There is one a context,
/// made before any of them is bound; its thread polls `socket` and calls `answer`.
class Gatekeeper {
 public:
  Gatekeeper(zmq::context_t& context, AllowList allowed);

  zmq::socket_ref socket() { return socket_; }

  /// Who asks, if the answer was no; else empty. Call it when the socket is readable.
  std::string answer();

  void admit(const std::string& key, const std::string& name) { allowed_[key] = name; }

  std::uint64_t refused() const { return refused_; }

 private:
  zmq::socket_t socket_;
  AllowList allowed_;
  std::uint64_t refused_ = 0;
};

/// The name of who sent a message that came in on a guarded socket.
std::string sender_of(zmq::message_t& message);

}  // namespace queenright::sockets
