#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/links/peer.hpp"
#include "actors/sockets/gatekeeper.hpp"
#include "actors/sockets/told_once.hpp"
#include "actors/sockets/wake_up.hpp"
#include "messages/clock.hpp"
#include "messages/inbox.hpp"
#include "messages/link.hpp"
#include "messages/log.hpp"
#include "messages/result.hpp"

namespace queenright::links {

/// What has passed since the node began; of one peer, or refused of anybody.
struct LinkFigures {
  struct OfPeer {
    std::string name;
    bool heard_lately = false;
    std::uint64_t repeated = 0;  ///< frames sent again
    std::uint64_t waiting_bytes = 0;
    std::optional<messages::Duration> round_trip;
  };
  std::map<messages::NodeId, OfPeer> peers;
  std::uint64_t frames_in = 0;
  std::uint64_t letters_in = 0;
  std::uint64_t letters_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t letters_lost = 0;                ///< too much waited for their node
  std::map<std::string, std::uint64_t> refused;  ///< by reason
};

/// Carries letters over ZeroMQ with CURVE: one thread owns all sockets. Nodes are known by their
/// keys alone. What is lost sight of is looked for, and where a process is proven to be over, the
/// queen of this node is told (R17).
class ZmqLink : public messages::Link {
 public:
  struct Options {
    Identity self;
    sockets::KeyPair keys;
    std::string listen;  ///< "tcp://HOST:PORT", port 0: a free one; empty: nobody connects here
    std::vector<PeerSpec> peers;
    std::uint64_t room = std::uint64_t{4} << 20U;  ///< bytes that each peer may have under way
    messages::Duration silence = std::chrono::seconds{1};  ///< of who may be gone
    std::size_t waiting_inputs = 10'000;  ///< with more in the inbox there is room for nothing
  };
  struct Ports {
    messages::Inbox& inbox;
    const messages::Clock& clock;
    messages::Log log;  ///< on the link's thread
    /// Another node says, and why, that this process is not the node that it should be: another
    /// one is, or was later. On the link's thread.
    std::function<void(const std::string& why)> dismissed = [](const std::string&) {};
  };

  /// Listens, and begins to connect. Refused: it can't listen there, and why. What `ports` names
  /// outlives it.
  static messages::Result<std::unique_ptr<ZmqLink>> open(Options options, Ports ports);
  ~ZmqLink() override;

  void send(messages::Letter letter) override;

  /// Says goodbye to all and ends the thread.
  void stop();

  const std::string& address() const { return address_; }  ///< where it listens
  LinkFigures figures() const;

  /// Another node that connects to this one, or is connected to, from now on.
  void add(PeerSpec peer);

  /// For tests of faults: nothing comes from that node, or goes to it, until it is allowed again.
  void cut(messages::NodeId node, bool from_there, bool to_there);

 private:
  struct Posted {
    messages::NodeId to;
    std::string letter;
    bool fleeting;
  };
  struct Cut {
    bool from_there = false;
    bool to_there = false;
  };

  ZmqLink(Options options, Ports ports);

  void begin();
  void run();
  void poll();
  int patience() const;
  void take_posted();
  void open_peer(PeerSpec spec);
  void receive_callers();
  void receive(Peer& peer);
  void take(Peer& peer, const zmq::message_t& message,
            const std::optional<std::string>& route = std::nullopt);
  void deliver(Peer& peer, messages::Letter letter);
  void is_over(Peer& peer, const std::string& how);
  void refuse(sockets::ToldOnce& told, const std::string& who, const std::string& why);
  void flush();
  void publish();
  Cut cut_of(messages::NodeId node) const;

  const Options options_;
  const Ports ports_;
  std::string address_;

  mutable std::mutex mutex_;  ///< guards what follows
  std::vector<Posted> posted_;
  std::vector<PeerSpec> newcomers_;
  std::map<messages::NodeId, Cut> cuts_;
  LinkFigures published_;
  bool stopping_ = false;

  // Of the link's thread only.
  zmq::context_t context_;
  sockets::Gatekeeper gatekeeper_;
  sockets::WakeUp wake_up_;
  std::optional<zmq::socket_t> router_;
  std::map<messages::NodeId, std::unique_ptr<Peer>> peers_;
  std::map<std::string, Peer*> by_key_;
  LinkFigures figures_;
  std::map<messages::NodeId, Cut> cuts_now_;
  sockets::ToldOnce told_;
  sockets::ToldOnce strangers_;  ///< however many they are, the others are still told of
  messages::Instant now_;
  messages::Instant publish_at_;

  std::thread thread_;
};

}  // namespace queenright::links
