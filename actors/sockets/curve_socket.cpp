#include "actors/sockets/curve_socket.hpp"

namespace queenright::sockets {
namespace {

constexpr int messages_queued = 10'000;
constexpr int handshake_milliseconds = 1000;
constexpr int heartbeat_milliseconds = 50;
constexpr int silence_milliseconds = 200;
constexpr int reconnect_milliseconds = 20;
constexpr int reconnect_at_most_milliseconds = 200;
constexpr int connect_milliseconds = 300;

// In libzmq since 4.3, but named by its header for drafts only: without it an unlisted key is let
// in wherever no gatekeeper watches.
constexpr int zap_enforce_domain = 93;

zmq::socket_t bounded_socket(zmq::context_t& context, zmq::socket_type type, const KeyPair& own) {
  zmq::socket_t socket(context, type);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, messages_queued);
  socket.set(zmq::sockopt::rcvhwm, messages_queued);
  socket.set(zmq::sockopt::maxmsgsize, longest_message);
  socket.set(zmq::sockopt::handshake_ivl, handshake_milliseconds);
  socket.set(zmq::sockopt::heartbeat_ivl, heartbeat_milliseconds);
  socket.set(zmq::sockopt::heartbeat_ttl, silence_milliseconds);
  socket.set(zmq::sockopt::heartbeat_timeout, silence_milliseconds);
  socket.set(zmq::sockopt::ipv6, true);
  socket.set(zmq::sockopt::curve_publickey, own.public_key);
  socket.set(zmq::sockopt::curve_secretkey, own.secret_key);
  return socket;
}

}  // namespace

zmq::socket_t guarded_router(zmq::context_t& context, const KeyPair& own) {
  auto socket = bounded_socket(context, zmq::socket_type::router, own);
  socket.set(zmq::sockopt::router_mandatory, true);
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::zap_domain, guarded_domain);
  const int enforced = 1;
  if (zmq_setsockopt(socket.handle(), zap_enforce_domain, &enforced, sizeof enforced) != 0)
    throw zmq::error_t();
  return socket;
}

zmq::socket_t connecting_dealer(zmq::context_t& context, const KeyPair& own,
                                const std::string& peer_public_key) {
  auto socket = bounded_socket(context, zmq::socket_type::dealer, own);
  socket.set(zmq::sockopt::immediate, true);
  socket.set(zmq::sockopt::reconnect_ivl, reconnect_milliseconds);
  socket.set(zmq::sockopt::reconnect_ivl_max, reconnect_at_most_milliseconds);
  socket.set(zmq::sockopt::connect_timeout, connect_milliseconds);
  socket.set(zmq::sockopt::curve_serverkey, peer_public_key);
  return socket;
}

std::string bind(zmq::socket_t& socket, const std::string& address) {
  socket.bind(address);
  return socket.get(zmq::sockopt::last_endpoint);
}

}  // namespace queenright::sockets
