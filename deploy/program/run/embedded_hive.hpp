#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/roles/hive/hive.hpp"
#include "deploy/program/client/client.hpp"
#include "deploy/program/node/node_process.hpp"

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

/// The node that an embedded hive is.
inline constexpr messages::NodeId own_node{1};

/// What its worker offers.
messages::WorkerOffer worker_offer(const HiveOptions& options);

/// One queen and one worker in this process, and the command line as their only client.
class EmbeddedHive {
 public:
  /// Forks the runner, so it comes before any thread; opens and replays the journal. Throws
  /// Failure.
  explicit EmbeddedHive(HiveOptions options);
  ~EmbeddedHive();

  /// The runs that are not over, as the journal knows them.
  std::vector<std::pair<messages::CircuitId, roles::RunRecord>> open_runs() const;

  /// Every run that it remembers, as recovered.
  const roles::HiveState& recovered_state() const { return hive_; }

  /// The last entry of an open run's circuit, as recovered.
  messages::LogIndex recovered_entry(messages::CircuitId circuit) const {
    return entries_.at(circuit);
  }

  /// Starts every actor. The open runs named are left as they are. A worker that waits takes what
  /// it is given, and leaves it to the next process.
  enum class WorkerDoes { work, wait };
  void start(std::vector<messages::CircuitId> held, WorkerDoes worker = WorkerDoes::work);

  /// Stops cleanly: the next start has nothing to replay.
  void stop() { process_.stop(); }

  Client& client() { return client_; }
  const std::string& torn_tail() const { return process_.torn_tail(); }

 private:
  const messages::WorkerOffer offer_;
  NodeProcess process_;
  roles::HiveState hive_;  ///< as recovered; so the next
  std::map<messages::CircuitId, messages::LogIndex> entries_;
  Client client_;
};

}  // namespace queenright::program
