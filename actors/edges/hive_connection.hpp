#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "actors/sockets/keys.hpp"
#include "actors/sockets/wake_up.hpp"
#include "actors/sockets/watched_dealer.hpp"
#include "messages/client_frame.hpp"

namespace queenright::edges {

/// A client's connection to a hive: to one queen at a time, and to the next one when that is lost
/// or can't be had. What was said to a queen who is lost may be lost with her: after each move all
/// that waits for an answer is to be said again.
class HiveConnection {
 public:
  struct Queen {
    std::string name;
    std::string address;
    std::string public_key;
  };
  struct Options {
    sockets::KeyPair keys;
    std::vector<Queen> queens;  ///< never empty; the first one is asked first
  };
  /// On the connection's thread.
  struct Hooks {
    std::function<void(messages::ClientResponse)> take;
    std::function<void(const std::string& queen)> connected;
    std::function<void(const std::string& queen)> lost;
    /// One can't be had; `refused`: since she does not know this client's key.
    std::function<void(bool refused)> unreached;
  };

  HiveConnection(Options options, Hooks hooks);
  ~HiveConnection();

  /// Lost when no queen is connected. Any thread, as all that follows.
  void say(messages::ClientRequest request);

  /// To the next queen: this one does not answer, or not as is wanted. Nobody is told that she is
  /// lost.
  void move_on();

 private:
  void run();
  void connect();
  void take_events();
  void receive();
  void send_posted();
  bool is_time_to_move() const;

  const Options options_;
  const Hooks hooks_;

  std::mutex mutex_;  ///< guards what follows
  std::vector<messages::ClientRequest> posted_;
  bool move_on_ = false;
  bool stopping_ = false;

  // Of the connection's thread only.
  zmq::context_t context_;
  sockets::WakeUp wake_up_;
  std::optional<sockets::WatchedDealer> dealer_;
  std::size_t at_ = 0;  ///< of the queens
  bool connected_ = false;
  bool refused_ = false;                             ///< by her who is tried
  std::chrono::steady_clock::time_point since_;      ///< it tries to connect
  std::chrono::steady_clock::time_point said_last_;  ///< anything at all

  std::thread thread_;
};

}  // namespace queenright::edges
