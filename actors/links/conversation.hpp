#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "actors/links/incoming.hpp"
#include "actors/links/outgoing.hpp"
#include "messages/ids.hpp"

namespace queenright::links {

/// What this node says of itself in each frame.
struct Identity {
  std::uint64_t hive = 0;  ///< digest of what all nodes of the hive must be told alike
  messages::NodeId node;
  messages::Incarnation incarnation;
  messages::ProcessId process;  ///< random
};

/// This node and one other: all that passes between them, but for the sockets that carry it.
class Conversation {
 public:
  Conversation(const Identity& self, messages::NodeId peer) : self_(self), peer_(peer) {}

  /// An encoded letter. Fleeting ones go with the next frame or never; false: it is lost.
  bool add(std::string letter, bool fleeting);

  /// The next frame, as often as there is one. `room`: for how many bytes of letters.
  std::optional<messages::Frame> next(messages::Instant now, std::uint64_t room);
  /// It could not be sent.
  void unsent(const messages::Frame& frame, messages::Instant now);

  /// A last word, when this process ends.
  messages::Frame goodbye(messages::Instant now);

  struct Taken {
    std::string refused;  ///< why; empty: it was taken
    std::vector<std::string> letters;
    bool goodbye = false;
    std::string dismissed;  ///< the other node says why this process is not this node
    /// For whoever sent the frame, and is not that node: another process is, or was later.
    std::optional<messages::Frame> dismissal;
  };
  Taken take(messages::Frame frame, messages::Instant now);

  void connected() { outgoing_.connected(); }

  /// The other process is proven to be over.
  void forget();

  std::optional<messages::Instant> next_wake() const;

  messages::NodeId peer() const { return peer_; }
  messages::Instant heard_at() const { return heard_at_; }
  bool ever_heard() const { return process_ != messages::ProcessId{}; }
  std::optional<messages::Duration> round_trip() const { return round_trip_; }  ///< smoothed
  const Outgoing& outgoing() const { return outgoing_; }

 private:
  std::string refusal(const messages::Frame& frame) const;
  bool is_impostor(const messages::Frame& frame) const;
  messages::Frame dismissal(const messages::Frame& frame, messages::Instant now) const;
  messages::Frame header(messages::Instant now) const;
  void measure(const messages::Frame& frame, messages::Instant now);

  const Identity self_;
  const messages::NodeId peer_;
  Outgoing outgoing_;
  Incoming incoming_;
  std::deque<std::string> fleeting_;

  // Of the other node.
  messages::ProcessId process_;
  messages::Incarnation incarnation_;
  bool over_ = false;  ///< that process
  messages::Instant heard_at_;
  messages::Duration last_sent_{};  ///< by its clock
  std::optional<messages::Duration> round_trip_;

  std::uint64_t room_told_ = 0;
  std::optional<messages::Instant> ack_due_;
  std::uint32_t taken_since_ack_ = 0;
};

}  // namespace queenright::links
