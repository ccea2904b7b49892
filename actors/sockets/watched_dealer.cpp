#include "actors/sockets/watched_dealer.hpp"

#include <cstdint>
#include <cstring>

#include "actors/sockets/curve_socket.hpp"

namespace queenright::sockets {

namespace {

constexpr int watched =
    ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

WatchedDealer::Event event_of(std::uint16_t kind) {
  using enum WatchedDealer::Event;
  if (kind == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) return connected;
  return kind == ZMQ_EVENT_DISCONNECTED ? lost : refused;
}

}  // namespace

WatchedDealer::WatchedDealer(zmq::context_t& context, const KeyPair& own,
                             const std::string& peer_public_key, const std::string& address)
    : socket_(connecting_dealer(context, own, peer_public_key)),
      monitor_(context, zmq::socket_type::pair) {
  const std::string events =
      "inproc://events-of-" + std::to_string(reinterpret_cast<std::uintptr_t>(socket_.handle()));
  if (zmq_socket_monitor(socket_.handle(), events.c_str(), watched) != 0) throw zmq::error_t();
  monitor_.set(zmq::sockopt::linger, 0);
  monitor_.connect(events);
  socket_.connect(address);
}

std::vector<WatchedDealer::Event> WatchedDealer::take_events() {
  std::vector<Event> events;
  zmq::message_t event;
  while (monitor_.recv(event, zmq::recv_flags::dontwait)) {
    std::uint16_t kind = 0;
    std::memcpy(&kind, event.data(), sizeof kind);
    zmq::message_t address;
    static_cast<void>(monitor_.recv(address));  // always the second part of an event
    events.push_back(event_of(kind));
  }
  return events;
}

void WatchedDealer::add_to(std::vector<zmq::pollitem_t>& polled) {
  polled.push_back({socket_.handle(), 0, ZMQ_POLLIN, 0});
  polled.push_back({monitor_.handle(), 0, ZMQ_POLLIN, 0});
}

}  // namespace queenright::sockets
