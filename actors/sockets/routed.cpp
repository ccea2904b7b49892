#include "actors/sockets/routed.hpp"

#include <utility>

#include "actors/sockets/gatekeeper.hpp"

namespace queenright::sockets {

std::optional<Arrival> receive(zmq::socket_t& router) {
  zmq::message_t route;
  if (!router.recv(route, zmq::recv_flags::dontwait)) return std::nullopt;
  Arrival arrival;
  arrival.route = route.to_string();
  std::size_t parts = 0;
  for (bool more = route.more(); more; ++parts) {
    zmq::message_t part;
    static_cast<void>(router.recv(part));  // all parts of a message come together
    more = part.more();
    if (parts == 0) arrival.message = std::move(part);
  }
  arrival.sender = sender_of(parts == 0 ? route : arrival.message);
  arrival.is_one_part = parts == 1;
  return arrival;
}

Sent send(zmq::socket_t& router, const std::string& route, const std::string& message) {
  try {
    const auto flags = zmq::send_flags::dontwait | zmq::send_flags::sndmore;
    const bool taken = router.send(zmq::buffer(route), flags) &&
                       router.send(zmq::buffer(message), zmq::send_flags::dontwait);
    return taken ? Sent::yes : Sent::full;
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) throw;
    return Sent::gone;
  }
}

}  // namespace queenright::sockets
