#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/edges/artifact_store.hpp"
#include "actors/edges/hive_connection.hpp"

namespace queenright::edges {

/// A node's way to the artifacts of the queens: it speaks with each as a client does, and blocks.
/// Safe for threads.
class ArtifactExchange {
 public:
  struct Options {
    sockets::KeyPair keys;
    std::vector<HiveConnection::Queen> queens;  ///< all others
    std::size_t queens_in_all{};                ///< this node with them, if it is one
  };

  /// `store` outlives it.
  ArtifactExchange(Options options, ArtifactStore& store);
  ~ArtifactExchange();

  /// Into the store, from the first queen who has it. Refused: none has.
  messages::Result<bool> fetch(const messages::Artifact& artifact);

  /// To every queen who answers. Refused: these are no majority, for as long as it is tried.
  messages::Result<bool> hand_on(const messages::Artifact& artifact);

  void stop() { stopping_ = true; }

 private:
  /// A conversation with one queen.
  class Line {
   public:
    Line(const sockets::KeyPair& keys, const HiveConnection::Queen& queen);

    /// Her answer; nothing: she gives none in time, or gave none lately.
    std::optional<messages::NodeAnswer> ask(messages::NodeQuestion question);

   private:
    const std::string asker_;
    std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    std::map<messages::Key, std::optional<messages::NodeAnswer>> answers_;  ///< waited for
    std::uint64_t asked_ = 0;
    bool connected_ = false;
    std::chrono::steady_clock::time_point silent_until_;

    HiveConnection connection_;
  };

  /// Of one artifact one at a time: others would get in each other's way.
  class Transfer {
   public:
    Transfer(ArtifactExchange& exchange, std::string digest);
    ~Transfer();

   private:
    ArtifactExchange& exchange_;
    const std::string digest_;
  };

  Line& line(std::size_t queen);
  bool brings(Line& from, const messages::Artifact& artifact);
  bool takes(Line& to, const messages::Artifact& artifact);

  const Options options_;
  ArtifactStore& store_;
  std::atomic<bool> stopping_ = false;

  std::mutex mutex_;                                    ///< guards what follows
  std::map<std::size_t, std::unique_ptr<Line>> lines_;  ///< those that were needed
  std::set<std::string> under_way_;                     ///< digests
  std::condition_variable changed_;
};

}  // namespace queenright::edges
