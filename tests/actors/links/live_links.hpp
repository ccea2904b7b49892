#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/links/zmq_link.hpp"
#include "tests/actors/links/held_port.hpp"
#include "tests/boot_clock.hpp"
#include "tests/contract/link_contract.hpp"

namespace queenright::links {

inline constexpr std::chrono::seconds patience{60};

/// Keeps what comes.
class Arrivals : public messages::Inbox {
 public:
  void deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
               messages::Input::Body body) override;
  std::size_t waiting() const override { return waiting_; }

  std::vector<messages::Letter> letters();
  std::vector<messages::PeerExited> exits();
  void wait_until(const std::function<bool()>& holds);

  std::atomic<std::size_t> waiting_{0};  ///< as the node would say

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<messages::Letter> letters_;
  std::vector<messages::PeerExited> exits_;
};

/// A node as far as its link is concerned.
struct LiveNode {
  messages::NodeId id;
  sockets::KeyPair keys = sockets::new_key_pair();
  const HeldPort port{};  ///< peers must know it before it is listened at
  const std::string address = port.address();
  std::uint32_t incarnation = 1;
  Arrivals arrivals;
  std::mutex log_mutex;
  std::vector<std::string> log;
  std::unique_ptr<ZmqLink> link;
};

/// Nodes 1 to 3 of one hive on ports of their own.
class LiveLinks : public contract::LinkWorld {
 public:
  explicit LiveLinks(const std::vector<messages::NodeId>& started = {contract::one, contract::two,
                                                                     contract::three});

  void send(messages::Letter letter) override;
  std::vector<messages::Letter> received(messages::NodeId node) override;
  void wait_until(const std::function<bool()>& holds) override;
  void cut(messages::NodeId from, messages::NodeId to) override;
  void restore(messages::NodeId from, messages::NodeId to) override;

  LiveNode& node(messages::NodeId id) { return *nodes_.at(id); }
  void start(messages::NodeId id);
  ZmqLink::Options options_of(messages::NodeId id);
  std::vector<std::string> log_of(messages::NodeId id);

 private:
  const BootClock clock_;
  std::map<messages::NodeId, std::unique_ptr<LiveNode>> nodes_;
};

}  // namespace queenright::links
