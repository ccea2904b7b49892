#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "messages/frame.hpp"

namespace queenright::links {

/// Letters of one numbered frame, each encoded.
struct Bundle {
  messages::FrameNumber number;
  std::vector<std::string> letters;
  std::uint64_t bytes = 0;
};

/// The letters to one other node which are kept until it has them: they go in numbered frames,
/// are sent again where a connection was lost or no answer comes, and never more of them are
/// under way than the other node has room for.
class Outgoing {
 public:
  struct Limits {
    std::uint64_t waiting_bytes = std::uint64_t{64} << 20U;  ///< more are lost
    std::uint64_t frame_bytes = std::uint64_t{256} << 10U;   ///< a longer letter goes alone
    std::uint64_t first_room = std::uint64_t{1} << 20U;      ///< until the other node tells of its
    messages::Duration repeat_after = std::chrono::milliseconds{500};
  };

  Outgoing() : Outgoing(Limits{}) {}
  explicit Outgoing(Limits limits) : limits_(limits), room_(limits.first_room) {}

  /// False: it is lost, since too much waits.
  bool add(std::string letter);

  /// The next bundle to be sent, as often as there is one; valid until the next call. It counts
  /// as sent.
  const Bundle* next(messages::Instant now);

  /// The last bundle could not be sent after all.
  void unsent();

  /// A new connection: what is not acknowledged is sent again.
  void connected() { unsent_from_ = 0; }

  /// The other node tells how far it is with this stream.
  void take(const messages::StreamAck& ack, messages::Instant now);

  /// The other process is over: so is all that it was to get, and the next one begins a stream.
  void forget();

  /// When `next` has something because no answer came.
  std::optional<messages::Instant> repeat_at() const;

  messages::StreamId stream() const { return stream_; }
  std::uint64_t waiting_bytes() const { return waiting_bytes_; }  ///< neither acknowledged
  std::uint64_t repeated() const { return repeated_; }            ///< frames sent again

 private:
  bool bundle();

  const Limits limits_;
  messages::StreamId stream_{1};
  messages::FrameNumber last_;         ///< that was bundled
  std::deque<std::string> waiting_;    ///< in no bundle yet
  std::deque<Bundle> bundles_;         ///< not acknowledged
  std::size_t unsent_from_ = 0;        ///< of those; the ones before are under way
  messages::FrameNumber sent_once_;    ///< up to here, at least
  std::uint64_t waiting_bytes_ = 0;    ///< of both
  std::uint64_t under_way_bytes_ = 0;  ///< of bundles_
  std::uint64_t room_;                 ///< for what is under way
  std::uint64_t repeated_ = 0;
  messages::Instant last_progress_;
};

}  // namespace queenright::links
