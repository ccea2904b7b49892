#pragma once

#include <chrono>
#include <future>
#include <optional>

#include "deploy/program/client/remote_hive.hpp"

namespace queenright::program {

/// Finds out how long a hive can't agree on anything: asks a queen for something that is refused,
/// but only once all have agreed on it.
class FailoverProbe {
 public:
  /// Connects to the hive. Throws Failure: no queen answers.
  explicit FailoverProbe(const HiveAccess& access);

  /// Who leads the hive circuit, by the queen who is asked; nothing: nobody known to her.
  std::optional<messages::NodeId> root() { return root_; }

  /// From now on. `queen` is one that is not drained.
  void begin(messages::NodeId queen);

  /// Whether there is an answer, and when none has begun.
  bool is_over() const;
  /// Once over. Nothing: nobody agreed within the patience of a client.
  std::optional<std::chrono::milliseconds> took() { return took_.get(); }

 private:
  RemoteHive hive_;
  std::optional<messages::NodeId> root_;
  std::future<std::optional<std::chrono::milliseconds>> took_;
};

}  // namespace queenright::program
