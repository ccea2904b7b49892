#pragma once

#include <string>
#include <vector>

#include "messages/fields.hpp"

/// What passes between two nodes in one piece.
namespace queenright::messages {

/// Letters that are kept until the other node has them go in numbered frames, of which those of
/// one stream follow each other without a gap. A process begins a new stream when the other one
/// does not know how far the last one was.
using StreamId = Id<struct StreamTag, std::uint32_t>;    ///< of one process to one other, from 1
using FrameNumber = Id<struct FrameTag, std::uint64_t>;  ///< in its stream, from 1
using ProcessId = Id<struct ProcessTag, std::uint64_t>;  ///< random: tells apart what runs

/// How far its receiver is with the other one's stream.
struct StreamAck {
  static constexpr auto name = "StreamAck";
  ProcessId process;     ///< whose stream
  StreamId stream;       ///< 0: none is known
  FrameNumber taken;     ///< all frames up to this one
  std::uint64_t room{};  ///< bytes of letters that it takes beyond

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "process", self.process);
    visit(2, "stream", self.stream);
    visit(3, "taken", self.taken);
    visit(4, "room", self.room);
  }
};

/// To a process which is not the node that it says it is, or not any more.
struct Dismissal {
  static constexpr auto name = "Dismissal";
  ProcessId process;  ///< who is meant; 0: nobody
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "process", self.process);
    visit(2, "reason", self.reason);
  }
};

struct Frame {
  static constexpr auto name = "Frame";
  std::uint32_t version{};  ///< of this format
  std::uint64_t hive{};     ///< digest of what all nodes of a hive must be told alike
  NodeId from;
  Incarnation incarnation;  ///< of the sending process
  ProcessId process;
  StreamId stream;
  FrameNumber number;  ///< 0: it belongs to no stream, and its letters are worth nothing later
  StreamAck ack;
  Duration sent{};                   ///< by the sender's clock
  Duration echoed{};                 ///< `sent` of the last frame that came; 0: none has
  Duration held{};                   ///< since that one came
  bool goodbye{};                    ///< the sending process ends now: nothing of it follows
  std::vector<std::string> letters;  ///< each an encoded Letter
  Dismissal dismissal;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "version", self.version);
    visit(2, "hive", self.hive);
    visit(3, "from", self.from);
    visit(4, "incarnation", self.incarnation);
    visit(5, "process", self.process);
    visit(6, "stream", self.stream);
    visit(7, "number", self.number);
    visit(8, "ack", self.ack);
    visit(9, "sent", self.sent);
    visit(10, "echoed", self.echoed);
    visit(11, "held", self.held);
    visit(12, "goodbye", self.goodbye);
    visit(13, "letters", self.letters);
    visit(14, "dismissal", self.dismissal);
  }
};

}  // namespace queenright::messages
