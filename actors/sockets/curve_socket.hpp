#pragma once

#include <string>
#include <zmq.hpp>

#include "actors/sockets/keys.hpp"

/// Sockets whose two ends know each other's keys; encrypted, and bounded against strangers. Each
/// belongs to the thread that uses it.
namespace queenright::sockets {

/// Messages from strangers and peers alike; what is longer closes its connection.
inline constexpr std::int64_t longest_message = std::int64_t{64} << 20U;

/// In the list's terms: a gatekeeper of the same context has to watch over it (gatekeeper.hpp).
inline constexpr const char* guarded_domain = "queenright";

/// A ROUTER that is to be bound. Sending to who is not connected fails.
zmq::socket_t guarded_router(zmq::context_t& context, const KeyPair& own);

/// A DEALER that connects to who has the other half of `peer_public_key`, and again whenever the
/// connection is lost. Nothing is queued while it is.
zmq::socket_t connecting_dealer(zmq::context_t& context, const KeyPair& own,
                                const std::string& peer_public_key);

/// Binds; port 0 or '*' is a free one. Gives the address that was bound. Throws zmq::error_t.
std::string bind(zmq::socket_t& socket, const std::string& address);

}  // namespace queenright::sockets
