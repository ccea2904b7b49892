#pragma once

#include <string>
#include <vector>
#include <zmq.hpp>

#include "actors/sockets/keys.hpp"

namespace queenright::sockets {

/// A DEALER that connects to one other end, and again whenever the connection is lost, and tells
/// when it is and when it is not.
class WatchedDealer {
 public:
  enum class Event : std::uint8_t {
    connected,
    lost,
    refused  ///< the other end does not accept our key
  };

  /// Throws zmq::error_t: it is no address.
  WatchedDealer(zmq::context_t& context, const KeyPair& own, const std::string& peer_public_key,
                const std::string& address);

  zmq::socket_t& socket() { return socket_; }
  std::vector<Event> take_events();
  void add_to(std::vector<zmq::pollitem_t>& polled);

 private:
  zmq::socket_t socket_;
  zmq::socket_t monitor_;
};

}  // namespace queenright::sockets
