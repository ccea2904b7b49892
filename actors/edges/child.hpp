#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>

#include "actors/edges/captured_output.hpp"
#include "actors/edges/launch.hpp"
#include "actors/edges/secret_mask.hpp"
#include "messages/attempt.hpp"

namespace queenright::edges {

/// A running child of this process, until its outcome is known. Nothing here blocks.
class Child {
 public:
  /// Of what it writes, `mask` takes the values of secrets out; what is more than is kept of its
  /// output goes to the file `whole`.
  Child(messages::AttemptId attempt, Launched launched, messages::Exec exec, const SecretMask& mask,
        std::filesystem::path whole);

  const messages::AttemptId& attempt() const { return attempt_; }

  /// Streams that are still open.
  const Descriptor& input() const { return streams_.input; }
  const Descriptor& output() const { return streams_.output; }
  const Descriptor& errors() const { return streams_.errors; }

  void feed_input();   ///< writes what the child takes; closes when all is said or nobody listens
  void read_output();  ///< takes a piece; closes at the end
  void read_errors();

  /// TERM to its process group, or with `force` KILL to the group and to itself.
  void end(bool force);
  bool told_to_end() const { return told_to_end_; }

  /// To be called once, when the process has exited and is not yet reaped: its id is still its
  /// own. Ends what is left of its group, takes what is left in its streams, reaps it.
  messages::AttemptOutcome finish();

 private:
  messages::Value kept_output(std::string& refusal) const;

  messages::AttemptId attempt_;
  Launched streams_;
  messages::OutputMode mode_;
  std::string to_say_;
  std::size_t said_ = 0;
  SecretMask output_mask_;
  CapturedOutput output_;
  SecretMask errors_mask_;
  LastWords errors_;
  bool told_to_end_ = false;
  messages::WallTime started_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Milliseconds since 1970.
messages::WallTime wall_now();

}  // namespace queenright::edges
