#pragma once

#include <optional>
#include <string>
#include <zmq.hpp>

/// Messages on a ROUTER: each is of one part, and comes and goes by the route of a connection.
namespace queenright::sockets {

struct Arrival {
  std::string route;
  std::string sender;  ///< its name on the gatekeeper's list
  zmq::message_t message;
  bool is_one_part = false;  ///< else it is none of ours
};

/// The next one, if one has come.
std::optional<Arrival> receive(zmq::socket_t& router);

enum class Sent : std::uint8_t {
  yes,
  full,  ///< nothing more is taken at present
  gone   ///< the connection is
};
Sent send(zmq::socket_t& router, const std::string& route, const std::string& message);

}  // namespace queenright::sockets
