#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "actors/edges/artifact_exchange.hpp"
#include "actors/edges/client_port.hpp"
#include "actors/links/zmq_link.hpp"
#include "deploy/program/configuration/node_config.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/faults/fault_line.hpp"
#include "deploy/program/node/first_start.hpp"
#include "deploy/program/node/node_log.hpp"
#include "deploy/program/node/node_process.hpp"
#include "deploy/program/node/question_desk.hpp"
#include "deploy/program/node/service_watchdog.hpp"
#include "deploy/program/signals.hpp"

namespace queenright::program {

/// Composes a node of a hive of several: its process, its links to the others, and, of a queen,
/// the port for clients.
class LiveNode {
 public:
  /// What ends it.
  struct End {
    ExitCode exit_code;
    std::string reason;
  };

  /// `read_again` reads the configuration when it is to be reloaded. The log and `faults` outlive
  /// it; null: it has no fault line. Throws Failure.
  LiveNode(NodeConfig config, FirstStart first_start,
           std::function<Reading<NodeConfig>()> read_again, NodeLog& log, FaultLine* faults);
  ~LiveNode();

  /// Listens, and starts every role. Throws Failure.
  void start();

  /// Waits until a signal comes or a role stops the node.
  End wait();

  /// Stops cleanly and says goodbye to the others.
  void stop();

 private:
  void end(End end);
  void dismissed(const std::string& why);
  void reload();
  void take(NodeConfig wanted);
  void send(messages::TraceId trace, const messages::Cause& cause, messages::Send send);
  void keep_watch(std::chrono::microseconds time);
  std::string status() const;
  std::uint64_t refused() const;
  void link_up();
  void open_port();
  bool cut(const CutPeer& cut);
  messages::Booted booted() const;
  void exchange_artifacts();
  void answer(const std::string& who, const messages::NodeQuestion& question,
              edges::ClientPort::Answer answer);
  messages::NodeAnswer of_artifacts(const std::string& who, const messages::NodeQuestion& question);
  messages::Value nodes() const;
  bool is_queen() const { return config_.self().kind == MemberKind::queen; }

  const NodeConfig config_;  ///< as it began
  const FirstStart first_start_;
  const std::vector<messages::NodeId> survivors_;
  const std::function<Reading<NodeConfig>()> read_again_;
  NodeLog& log_;
  FaultLine* const faults_;
  std::optional<Signals::Blocked> blocked_;  ///< before any thread
  NodeProcess process_;
  std::optional<QuestionDesk> records_;
  std::optional<QuestionDesk> artifacts_;
  std::unique_ptr<edges::ArtifactExchange> exchange_;
  std::unique_ptr<links::ZmqLink> link_;
  std::unique_ptr<edges::ClientPort> port_;
  std::atomic<bool> answers_{false};  ///< port and watchdog are there
  std::unique_ptr<ServiceWatchdog> watchdog_;
  std::optional<Signals> signals_;

  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::optional<End> end_;
  HiveMembers members_;  ///< as it has them now
};

}  // namespace queenright::program
