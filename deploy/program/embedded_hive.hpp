#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/edges/child_runner.hpp"
#include "actors/host/node.hpp"
#include "actors/host/node_clock.hpp"
#include "actors/roles/catalogue.hpp"
#include "actors/roles/hive/hive.hpp"
#include "deploy/program/client.hpp"
#include "persistence/rocksdb_journal.hpp"

namespace queenright::program {

struct HiveOptions {
  std::filesystem::path data;  ///< made when it is missing
  std::uint32_t slots = 0;     ///< attempts at once; 0: twice the processors, at least four
  std::uint64_t keep_bytes = std::uint64_t{1} << 30U;  ///< of journal; older runs become slices
  std::uint32_t keep_days = 30;
  /// Wraps the journal, when given; for tests that let it fail.
  std::function<std::unique_ptr<persistence::Journal>(std::unique_ptr<persistence::Journal>)>
      decorate_journal = {};
};

/// The composition root: one queen and one worker in this process, over one journal. This is the
/// only place that knows every part.
class EmbeddedHive : private messages::Outlet {
 public:
  /// Forks the runner, so it comes before any thread; opens and replays the journal. Throws
  /// Failure.
  explicit EmbeddedHive(HiveOptions options);
  ~EmbeddedHive() override;

  /// The runs that are not over, as the journal knows them.
  std::vector<std::pair<messages::CircuitId, roles::RunRecord>> open_runs() const;

  /// Every run that it remembers, as recovered.
  const roles::HiveState& recovered_state() const { return hive_; }

  /// Starts every actor. The open runs named are left as they are.
  void start(std::vector<messages::CircuitId> held);

  /// Stops cleanly: the next start has nothing to replay.
  void stop();

  Client& client() { return client_; }
  const std::string& torn_tail() const { return torn_tail_; }

  /// Runs `read` on the journal's thread and waits for it.
  void with_journal(const std::function<void(const persistence::Recording&)>& read);

 private:
  void release(messages::TraceId trace, messages::Cause cause, messages::Effect effect) override;
  void recover();
  void watch_disk();
  void retain();

  const HiveOptions options_;
  const messages::NodeId node_id_{1};
  const roles::RoleCatalogue catalogue_{roles::embedded_supervision()};
  const host::NodeClock clock_;
  std::unique_ptr<edges::ChildRunner> runner_;  // before any thread
  std::unique_ptr<persistence::Journal> journal_;
  std::string torn_tail_;
  std::map<messages::RoleId, persistence::ActiveRole> recovered_;
  roles::HiveState hive_;  ///< as recovered
  std::unique_ptr<host::Node> node_;
  Client client_;
  messages::Instant disk_seen_;  ///< of the journal's thread
  bool draining_ = false;        ///< of the journal's thread
  bool stopped_ = false;
};

}  // namespace queenright::program
