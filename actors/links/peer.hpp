#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "actors/links/conversation.hpp"
#include "actors/links/exit_probe.hpp"
#include "actors/sockets/keys.hpp"
#include "actors/sockets/watched_dealer.hpp"

namespace queenright::links {

/// Another node, as this one was told of it.
struct PeerSpec {
  messages::NodeId node;
  std::string name;
  std::string public_key;
  std::string address;  ///< where it listens; empty: it connects to this node
};

/// The way to one other node: its own socket, where the other one listens, else the newest
/// connection that came from it. Of the thread that owns the sockets.
class Peer {
 public:
  Peer(zmq::context_t& context, const sockets::KeyPair& own, const Identity& self, PeerSpec spec);

  const PeerSpec& spec() const { return spec_; }
  Conversation& conversation() { return conversation_; }
  const Conversation& conversation() const { return conversation_; }

  /// Sends what is to be sent; gives how many bytes went.
  std::uint64_t flush(messages::Instant now, std::uint64_t room, bool cut);
  void say_goodbye(messages::Instant now);

  /// A frame of it came in on the node's own socket, by this connection.
  void came_by(const std::string& route);

  /// Where it speaks from, as the socket tells it.
  void spoke_from(std::string place) { place_ = std::move(place); }

  /// Tells a process that it is not this peer, by the way it spoke: `route`, or without one the
  /// socket to where the peer listens. Not more often than once a second.
  void dismiss(messages::Frame dismissal, const std::optional<std::string>& route,
               messages::Instant now);

  /// What its socket's events tell. True: a connection broke.
  bool take_events();

  /// Asks whether the process is over, now and a few times more, for its socket may close after
  /// its connections.
  void begin_probing(messages::Instant now);

  /// True: it is proven that the process is over.
  bool probe(messages::Instant now);

  std::optional<messages::Instant> next_wake() const;
  void add_to(std::vector<zmq::pollitem_t>& polled);
  zmq::socket_t* socket() { return dealer_ ? &dealer_->socket() : nullptr; }
  zmq::socket_t* router = nullptr;  ///< the node's own, for who connects to it

  messages::Incarnation incarnation;  ///< the highest that it spoke of

 private:
  bool can_send() const { return dealer_ ? connected_ : router != nullptr && !route_.empty(); }
  bool send(const messages::Frame& frame, std::uint64_t& bytes);
  void end_probing();
  void look_up();
  bool is_resolved() const;

  const PeerSpec spec_;
  Conversation conversation_;
  std::optional<sockets::WatchedDealer> dealer_;
  bool connected_ = false;
  std::string route_;
  std::string place_;
  messages::Instant may_dismiss_;

  std::future<std::optional<Endpoint>> resolving_;  ///< since it was connected last
  std::optional<Endpoint> endpoint_;                ///< where it is listening, if that is known
  std::unique_ptr<ExitProbe> probe_;
  int probes_left_ = 0;
  std::optional<messages::Instant> probe_again_;
};

}  // namespace queenright::links
