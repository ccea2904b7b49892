// bench_link link|bare COUNT BYTES: messages a second from one end to the other, over loopback
// with CURVE: letters by our link, or messages by a plain pair of ZeroMQ's sockets.

#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "actors/links/zmq_link.hpp"
#include "actors/sockets/curve_socket.hpp"
#include "messages/letter.hpp"
#include "messages/writer.hpp"
#include "tests/boot_clock.hpp"

namespace queenright::bench {
namespace {

using messages::NodeId;
using std::chrono::steady_clock;

constexpr NodeId from{1};
constexpr NodeId to{2};
constexpr std::uint64_t under_way = 50'000;

double rate(std::uint64_t count, steady_clock::time_point began) {
  return static_cast<double>(count) /
         std::chrono::duration<double>(steady_clock::now() - began).count();
}

class Counter : public messages::Inbox {
 public:
  void deliver(messages::RoleId, messages::TraceId, messages::Cause,
               messages::Input::Body) override {
    ++arrived;
  }
  std::size_t waiting() const override { return 0; }
  std::atomic<std::uint64_t> arrived{0};
};

/// Of so many bytes, once it is encoded.
messages::Letter letter_of(std::size_t bytes) {
  messages::Letter letter;
  letter.cause = {{from, messages::queen_role()}, {1}};
  letter.send.to = {to, messages::queen_role()};
  letter.send.items = {messages::Submit{{1}, {"", 1}, messages::HandOver{}}};
  const std::size_t bare = messages::encode(letter).size();
  if (bytes > bare)
    letter.send.items = {
        messages::Submit{{1}, {"", 1}, messages::HandOver{std::string(bytes - bare - 2, 'x')}}};
  return letter;
}

void log(messages::LogLevel, const std::string&) {}

double by_link(std::uint64_t count, std::size_t bytes) {
  const BootClock clock;
  Counter here;
  Counter there;
  const auto mine = sockets::new_key_pair();
  const auto theirs = sockets::new_key_pair();
  links::ZmqLink::Options receiver;
  receiver.self = {1, to, {1}, {2}};
  receiver.keys = theirs;
  receiver.listen = "tcp://127.0.0.1:*";
  receiver.peers = {{from, "from", mine.public_key, ""}};
  auto in = links::ZmqLink::open(receiver, {there, clock, log});
  links::ZmqLink::Options sender;
  sender.self = {1, from, {1}, {1}};
  sender.keys = mine;
  sender.peers = {{to, "to", theirs.public_key, in.value()->address()}};
  auto out = links::ZmqLink::open(sender, {here, clock, log});
  const auto letter = letter_of(bytes);
  out.value()->send(letter);
  while (there.arrived == 0) std::this_thread::yield();  // they are connected
  const auto began = steady_clock::now();
  for (std::uint64_t sent = 1; sent <= count; ++sent) {
    while (sent > there.arrived + under_way) std::this_thread::yield();
    out.value()->send(letter);
  }
  while (there.arrived <= count) std::this_thread::yield();
  return rate(count, began);
}

double by_bare_sockets(std::uint64_t count, std::size_t bytes) {
  zmq::context_t context;
  const auto keys = sockets::new_key_pair();
  const auto own = sockets::new_key_pair();
  zmq::socket_t router(context, zmq::socket_type::router);
  router.set(zmq::sockopt::curve_server, 1);
  router.set(zmq::sockopt::curve_secretkey, keys.secret_key);
  router.set(zmq::sockopt::rcvhwm, 10'000);
  const std::string address = sockets::bind(router, "tcp://127.0.0.1:*");
  std::atomic<bool> first{false};
  std::thread receiving([&] {
    for (std::uint64_t arrived = 0; arrived <= 2 * count + 1; ++arrived) {  // each with its route
      zmq::message_t part;
      if (!router.recv(part)) return;
      first = true;
    }
  });
  zmq::socket_t dealer(context, zmq::socket_type::dealer);
  dealer.set(zmq::sockopt::curve_serverkey, keys.public_key);
  dealer.set(zmq::sockopt::curve_publickey, own.public_key);
  dealer.set(zmq::sockopt::curve_secretkey, own.secret_key);
  dealer.set(zmq::sockopt::sndhwm, 10'000);
  dealer.connect(address);
  const std::string message(bytes, 'x');
  dealer.send(zmq::buffer(message), zmq::send_flags::none);
  while (!first) std::this_thread::yield();
  const auto began = steady_clock::now();
  for (std::uint64_t sent = 0; sent < count; ++sent)
    dealer.send(zmq::buffer(message), zmq::send_flags::none);
  receiving.join();
  return rate(count, began);
}

}  // namespace
}  // namespace queenright::bench

int main(int count, char** arguments) {
  using namespace queenright::bench;
  if (count != 4) {
    std::cerr << "bench_link link|bare COUNT BYTES\n";
    return 2;
  }
  const auto messages = std::stoull(arguments[2]);
  const auto bytes = std::stoull(arguments[3]);
  const bool linked = std::string(arguments[1]) == "link";
  std::cout << (linked ? by_link(messages, bytes) : by_bare_sockets(messages, bytes)) << std::endl;
}
