#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "actors/sockets/gatekeeper.hpp"
#include "actors/sockets/keys.hpp"
#include "actors/sockets/told_once.hpp"
#include "actors/sockets/wake_up.hpp"
#include "messages/client_frame.hpp"
#include "messages/clock.hpp"
#include "messages/effect.hpp"
#include "messages/inbox.hpp"
#include "messages/log.hpp"
#include "messages/result.hpp"

namespace queenright::edges {

/// Where clients of the hive speak to the queen of this node. Each that is on the list is an
/// address of the node while it is there; what it says is checked before the queen hears it.
class ClientPort {
 public:
  struct Options {
    messages::NodeId node;
    sockets::KeyPair keys;
    std::string listen;          ///< "tcp://HOST:PORT", port 0: a free one
    sockets::AllowList clients;  ///< and their names
    sockets::AllowList nodes;    ///< who may bring artifacts and ask for them, and do nothing else
  };
  using Answer = std::function<void(messages::NodeAnswer)>;
  struct Ports {
    messages::Inbox& inbox;
    const messages::Clock& clock;
    /// By whom; calls back once, from any thread.
    std::function<void(const std::string& who, const messages::NodeQuestion&, Answer)> ask;
    messages::Log log;  ///< on the port's thread
  };

  /// Refused: it can't listen there. What `ports` names outlives it.
  static messages::Result<std::unique_ptr<ClientPort>> open(Options options, Ports ports);
  ~ClientPort();

  /// To one of its clients; any thread. Lost when that one is gone.
  void send(messages::Send send);

  /// A client, or a node, who may connect from now on; any thread.
  void admit(const std::string& key, const std::string& name);
  void admit_node(const std::string& key, const std::string& name);

  void stop();

  const std::string& address() const { return address_; }

  /// Strangers and requests, since it was opened; any thread.
  std::uint64_t refused() const { return refused_; }

 private:
  struct Visitor {
    std::uint64_t number = 0;  ///< of its address
    std::string name;
    messages::Instant heard_at;
    bool watches = false;
  };
  struct Outgoing {
    std::uint64_t to = 0;
    messages::ClientResponse response;
  };

  ClientPort(Options options, Ports ports);

  void begin();
  void run();
  void poll();
  void receive();
  void take(const std::string& route, const std::string& name, const zmq::message_t& message);
  void take(Visitor& visitor, messages::ClientRequest request);
  Visitor* visitor_at(const std::string& route, const std::string& name);
  void post(Outgoing outgoing);
  void send_posted();
  void admit_newcomers();
  void refuse(const std::string& route, const std::string& who, const std::string& why);
  void tell(sockets::ToldOnce& told, const std::string& line) const;
  bool send(const std::string& route, const messages::ClientResponse& response);
  void forget(const std::string& route);
  void forget_silent();
  messages::Address address_of(const Visitor& visitor) const;

  const Options options_;
  const Ports ports_;
  std::string address_;
  std::atomic<std::uint64_t> refused_ = 0;

  std::mutex mutex_;  ///< guards what follows
  std::vector<Outgoing> posted_;
  sockets::AllowList newcomers_;
  bool stopping_ = false;

  // Of the port's thread only.
  zmq::context_t context_;
  sockets::Gatekeeper gatekeeper_;
  sockets::WakeUp wake_up_;
  std::optional<zmq::socket_t> router_;
  std::map<std::string, Visitor> visitors_;      ///< by their routes
  std::map<std::uint64_t, std::string> routes_;  ///< by their numbers
  std::uint64_t last_number_ = 0;
  sockets::ToldOnce told_;
  sockets::ToldOnce strangers_;  ///< however many they are, the others are still told of
  messages::Instant now_;

  std::thread thread_;
};

}  // namespace queenright::edges
