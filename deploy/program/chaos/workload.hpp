#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "deploy/program/dev/local_hive.hpp"

namespace queenright::program {

/// One plan that a client wanted done.
struct Submission {
  std::string key;
  std::size_t shape = 0;
  std::string run;      ///< what the hive calls it; empty: it was never acknowledged
  std::string refused;  ///< for good, and why
  messages::CircuitId circuit{};
};

/// Clients who have plans done on a hive, each at a queen who is drawn, and at another one after
/// a while. Who is not answered asks again under the same key.
class Workload {
 public:
  /// They begin. `marks` is the file in which steps leave their marks. What is named outlives it.
  Workload(const LocalHive& hive, std::filesystem::path marks, std::uint64_t seed,
           std::size_t clients);
  ~Workload();

  /// They submit nothing new, but ask on until what they have asked for is answered.
  void finish() { finishing_ = true; }
  /// They ask for nothing any more.
  void give_up() { finishing_ = gave_up_ = true; }
  bool is_finished() const { return working_ == 0; }

  /// What was answered, and, when they gave up, what was not.
  std::vector<Submission> submissions() const;

 private:
  void work(std::uint64_t number);

  const LocalHive& hive_;
  const std::filesystem::path marks_;
  const std::uint64_t seed_;
  std::atomic<bool> finishing_{false};
  std::atomic<bool> gave_up_{false};
  std::atomic<std::size_t> working_;

  mutable std::mutex mutex_;  ///< guards what follows
  std::vector<Submission> submissions_;

  std::vector<std::thread> threads_;
};

}  // namespace queenright::program
