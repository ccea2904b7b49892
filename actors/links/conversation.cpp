#include "actors/links/conversation.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace queenright::links {

using messages::Duration;
using messages::Frame;
using messages::Instant;

namespace {

constexpr std::uint32_t frame_version = 1;
constexpr std::size_t fleeting_kept = 16;
constexpr Duration ack_after = std::chrono::milliseconds{10};
constexpr std::uint32_t ack_at_once_after = 16;  // frames

}  // namespace

bool Conversation::add(std::string letter, bool fleeting) {
  if (!fleeting) return outgoing_.add(std::move(letter));
  fleeting_.push_back(std::move(letter));
  if (fleeting_.size() <= fleeting_kept) return true;
  fleeting_.pop_front();
  return false;
}

Frame Conversation::header(Instant now) const {
  Frame frame;
  frame.version = frame_version;
  frame.hive = self_.hive;
  frame.from = self_.node;
  frame.incarnation = self_.incarnation;
  frame.process = self_.process;
  frame.sent = now.since_boot;
  frame.echoed = last_sent_;
  frame.held = last_sent_ == Duration{} ? Duration{} : now - heard_at_;
  return frame;
}

std::optional<Frame> Conversation::next(Instant now, std::uint64_t room) {
  const bool reopened = room_told_ == 0 && room > 0;
  const bool owed =
      ack_due_ && (*ack_due_ <= now || taken_since_ack_ >= ack_at_once_after || reopened);
  const Bundle* bundle = fleeting_.empty() ? outgoing_.next(now) : nullptr;
  if (fleeting_.empty() && bundle == nullptr && !owed) return std::nullopt;
  Frame frame = header(now);
  if (bundle != nullptr) {
    frame.stream = outgoing_.stream();
    frame.number = bundle->number;
    frame.letters = bundle->letters;
  } else {
    frame.letters.assign(std::make_move_iterator(fleeting_.begin()),
                         std::make_move_iterator(fleeting_.end()));
    fleeting_.clear();
  }
  frame.ack = incoming_.ack(room);
  room_told_ = room;
  taken_since_ack_ = 0;
  ack_due_.reset();
  if (room == 0) ack_due_ = now + ack_after;  // to tell when there is some again
  return frame;
}

void Conversation::unsent(const Frame& frame, Instant now) {
  room_told_ = 0;
  ack_due_ = now + ack_after;
  if (frame.number != messages::FrameNumber{}) outgoing_.unsent();
}

Frame Conversation::goodbye(Instant now) {
  Frame frame = header(now);
  frame.goodbye = true;
  return frame;
}

/// No two processes of a node have one incarnation, and what is over does not come back.
bool Conversation::is_impostor(const Frame& frame) const {
  return ever_heard() && (frame.incarnation < incarnation_ ||
                          (frame.incarnation == incarnation_ && frame.process != process_));
}

Frame Conversation::dismissal(const Frame& frame, Instant now) const {
  Frame answer = header(now);
  answer.dismissal = {frame.process, "this is start " + std::to_string(frame.incarnation.value) +
                                         " of node " + std::to_string(peer_.value) +
                                         "; another process was heard as its start " +
                                         std::to_string(incarnation_.value)};
  return answer;
}

std::string Conversation::refusal(const Frame& frame) const {
  if (frame.version != frame_version)
    return "it speaks version " + std::to_string(frame.version) +
           " of the links' language, this "
           "node version " +
           std::to_string(frame_version);
  if (frame.hive != self_.hive)
    return "it was told otherwise of the hive's members or timing: compare the two files";
  if (frame.from != peer_)
    return "its key is node " + std::to_string(peer_.value) + "'s, and it calls itself node " +
           std::to_string(frame.from.value);
  if (is_impostor(frame))
    return frame.incarnation < incarnation_ ? "it is of a process that is over"
                                            : "two processes say that they are this node";
  if (over_ && frame.process == process_) return "its process was proven to be over";
  return {};
}

Conversation::Taken Conversation::take(Frame frame, Instant now) {
  Taken taken;
  taken.refused = refusal(frame);
  if (!taken.refused.empty()) {
    const bool is_of_here = frame.hive == self_.hive && frame.from == peer_;
    if (is_of_here && is_impostor(frame)) taken.dismissal = dismissal(frame, now);
    return taken;
  }
  if (frame.dismissal.process == self_.process) taken.dismissed = std::move(frame.dismissal.reason);
  if (frame.process != process_) {
    if (ever_heard()) outgoing_.forget();
    process_ = frame.process;
    incarnation_ = frame.incarnation;
    over_ = false;
    last_sent_ = {};
    round_trip_.reset();
  }
  measure(frame, now);
  heard_at_ = now;
  last_sent_ = frame.sent;
  if (frame.ack.process == self_.process) outgoing_.take(frame.ack, now);
  if (frame.goodbye) {
    taken.goodbye = true;
    forget();
    return taken;
  }
  if (frame.number == messages::FrameNumber{}) {
    taken.letters = std::move(frame.letters);
    return taken;
  }
  if (incoming_.take(frame) == Incoming::Verdict::next) taken.letters = std::move(frame.letters);
  ++taken_since_ack_;
  if (!ack_due_) ack_due_ = now + ack_after;
  return taken;
}

/// As TCP smoothes it (RFC 6298). Only of what can be: it may echo what an earlier process here has
/// sent, or anything.
void Conversation::measure(const Frame& frame, Instant now) {
  if (frame.echoed <= Duration{} || frame.echoed > now.since_boot) return;
  const Duration since = now.since_boot - frame.echoed;
  if (frame.held < Duration{} || frame.held > since) return;
  const Duration sample = since - frame.held;
  round_trip_ = round_trip_ ? *round_trip_ + (sample - *round_trip_) / 8 : sample;
}

void Conversation::forget() {
  over_ = true;
  outgoing_.forget();
  fleeting_.clear();
}

std::optional<Instant> Conversation::next_wake() const {
  auto wake = outgoing_.repeat_at();
  if (ack_due_ && (!wake || *ack_due_ < *wake)) wake = ack_due_;
  return wake;
}

}  // namespace queenright::links
