#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/edges/artifact_courier.hpp"
#include "actors/edges/child_runner.hpp"
#include "actors/host/node.hpp"
#include "actors/host/node_clock.hpp"
#include "actors/roles/catalogue.hpp"
#include "deploy/program/node/ownership.hpp"
#include "persistence/rocksdb_journal.hpp"

namespace queenright::program {

/// What every node's process consists of: its runner, its journal and the roles that come out of
/// it. Who composes it says where letters go that leave the node.
class NodeProcess : private messages::Outlet {
 public:
  struct Options {
    std::filesystem::path data;  ///< made when it is missing
    messages::NodeId node;
    Starter starter = {};
    bool several_voters = false;  ///< then the journal's last block is kept twice
    std::uint64_t keep_bytes = std::uint64_t{1} << 30U;  ///< of journal; older runs become slices
    std::uint32_t keep_days = 30;
    /// Wraps the journal, when given: to let it fail, or be slow.
    std::function<std::unique_ptr<persistence::Journal>(std::unique_ptr<persistence::Journal>)>
        decorate_journal = {};
    /// The node has run before, unless this is said: a journal that is empty was lost.
    bool may_be_new = true;
    /// Outlives the process.
    const messages::Clock* clock = nullptr;  ///< null: the machine's
    /// What a person does when the process had to end, in a sentence.
    std::string way_on;
  };
  /// Called from any thread.
  struct Ports {
    std::function<void(messages::TraceId, const messages::Cause&, messages::Send)> send;
    std::function<void(const messages::StopNode&)> stop;
  };

  /// Forks the runner, so it comes before any thread; opens and replays the journal. Throws
  /// Failure.
  NodeProcess(Options options, Ports ports);
  ~NodeProcess() override;

  /// Empty, unless the process that wrote the journal ended in the middle of it.
  const std::string& torn_tail() const { return torn_tail_; }
  bool is_new() const { return is_new_; }  ///< nothing was in the journal

  /// As recovered; null: there is no such role.
  const messages::Role* recovered(messages::RoleId role) const;

  /// Makes the node, as yet without roles, so that links can be opened to it. From now on it has
  /// an incarnation.
  void prepare();

  /// Starts every role, once prepared. Incarnation, seed and node are filled in.
  void start(messages::Booted booted);

  host::Node& node() { return *node_; }  ///< once prepared
  const messages::Clock& clock() const { return clock_; }
  messages::Incarnation incarnation() const { return incarnation_; }

  /// What tasks have made and is kept here.
  edges::ArtifactStore& artifacts() { return artifacts_; }

  /// From where it comes that is not kept here, and to where it goes; once prepared.
  void exchange_artifacts(edges::ArtifactCourier::Elsewhere elsewhere) {
    courier_.use(std::move(elsewhere));
  }

  /// Stops cleanly: the next start has nothing to replay.
  void stop();

 private:
  void release(messages::TraceId trace, messages::Cause cause, messages::Effect effect) override;
  void recover();
  void retain();
  void watch_disk();
  [[noreturn]] void end_now(const std::string& reason) const;

  const Options options_;
  const Ports ports_;
  const roles::RoleCatalogue catalogue_{roles::embedded_supervision()};
  const host::NodeClock machine_;
  const messages::Clock& clock_;
  std::unique_ptr<edges::ChildRunner> runner_;  // before any thread
  edges::ArtifactStore artifacts_;
  edges::ArtifactCourier courier_;
  std::unique_ptr<persistence::Journal> journal_;
  std::string torn_tail_;
  bool is_new_ = false;
  std::map<messages::RoleId, persistence::ActiveRole> recovered_;
  messages::Incarnation incarnation_;
  std::unique_ptr<host::Node> node_;
  messages::Instant disk_seen_;  ///< of the journal's thread
  bool draining_ = false;        ///< of the journal's thread
  bool started_ = false;
};

}  // namespace queenright::program
