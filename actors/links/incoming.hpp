#pragma once

#include "messages/frame.hpp"

namespace queenright::links {

/// Which numbered frames of one other node are the next ones of its stream.
class Incoming {
 public:
  enum class Verdict : std::uint8_t {
    next,      ///< take its letters
    repeated,  ///< they were taken
    gap        ///< one before it is missing: it will be sent again
  };
  Verdict take(const messages::Frame& frame);

  /// What the other node is to be told.
  messages::StreamAck ack(std::uint64_t room) const { return {process_, stream_, taken_, room}; }

 private:
  messages::ProcessId process_;
  messages::StreamId stream_;
  messages::FrameNumber taken_;
};

}  // namespace queenright::links
