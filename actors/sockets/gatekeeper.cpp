#include "actors/sockets/gatekeeper.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/sockets/curve_socket.hpp"

namespace queenright::sockets {
namespace {

/// The parts of a request, as RFC 27 orders them.
enum Part : std::size_t { version, request_id, domain, address, identity, mechanism, key, parts };

std::string text_of_key(const zmq::message_t& bytes) {
  constexpr std::size_t key_bytes = 32;
  if (bytes.size() != key_bytes) return {};
  std::array<char, 41> text{};  // with the NUL
  if (zmq_z85_encode(text.data(), bytes.data<std::uint8_t>(), key_bytes) == nullptr) return {};
  return text.data();
}

}  // namespace

Gatekeeper::Gatekeeper(zmq::context_t& context, AllowList allowed)
    : socket_(context, zmq::socket_type::rep), allowed_(std::move(allowed)) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind("inproc://zeromq.zap.01");
}

std::string Gatekeeper::answer() {
  std::vector<zmq::message_t> request;
  do {
    zmq::message_t part;
    if (!socket_.recv(part, zmq::recv_flags::dontwait)) return {};
    request.push_back(std::move(part));
  } while (request.back().more());
  const bool whole = request.size() >= parts;
  const std::string asking = whole ? text_of_key(request[key]) : std::string();
  const bool known = whole && request[domain].to_string_view() == guarded_domain &&
                     request[mechanism].to_string_view() == "CURVE";
  const auto found = known ? allowed_.find(asking) : allowed_.end();
  const bool let_in = found != allowed_.end();
  const std::string number = whole ? request[request_id].to_string() : std::string();
  const std::array<std::string, 6> reply{"1.0",
                                         number,
                                         let_in ? "200" : "400",
                                         let_in ? "OK" : "not on the list",
                                         let_in ? found->second : "",
                                         ""};
  for (std::size_t i = 0; i < reply.size(); ++i)
    socket_.send(zmq::buffer(reply[i]),
                 i + 1 < reply.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  if (let_in) return {};
  ++refused_;
  return asking.empty() ? "somebody without a key" : asking;
}

std::string host_of(const zmq::message_t& message) {
  const char* host = zmq_msg_gets(message.handle(), "Peer-Address");
  const std::string_view text = host == nullptr ? "" : host;
  constexpr std::string_view mapped = "::ffff:";  // IPv4, as a socket of both kinds has it
  return std::string(text.starts_with(mapped) ? text.substr(mapped.size()) : text);
}

std::string sender_of(zmq::message_t& message) {
  const char* name = zmq_msg_gets(message.handle(), "User-Id");
  return name == nullptr ? std::string() : std::string(name);
}

}  // namespace queenright::sockets
