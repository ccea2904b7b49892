#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include "deploy/program/chaos/workload.hpp"
#include "deploy/program/client/remote_hive.hpp"
#include "sim/faults/draw.hpp"

namespace queenright::program {

/// One client of a workload: of one thread.
class ChaosClient {
 public:
  /// What is named outlives it.
  ChaosClient(const LocalHive& hive, const std::filesystem::path& marks, sim::Draw draw)
      : hive_(hive), marks_(marks), draw_(std::move(draw)) {}

  /// Has a drawn plan done under the key: asks until it is answered, or `gave_up`.
  Submission submit(const std::string& key, const std::atomic<bool>& gave_up);

  /// Until the run is over or waits, or as long as the client is drawn to care, or `stopping`.
  void follow(const std::atomic<bool>& stopping);

 private:
  void connect();
  void ask(Submission& wanted);

  const LocalHive& hive_;
  const std::filesystem::path& marks_;
  sim::Draw draw_;
  std::optional<RemoteHive> queen_;
  std::size_t asked_ = 0;  ///< of this queen
  messages::CircuitId circuit_;
};

}  // namespace queenright::program
