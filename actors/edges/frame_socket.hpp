#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "actors/edges/descriptor.hpp"
#include "messages/effect.hpp"
#include "messages/writer.hpp"

namespace queenright::edges {

/// What the node asks of its runner process. The answer is one ChildExited for each Spawn.
struct RunnerRequest {
  static constexpr auto name = "RunnerRequest";
  std::variant<messages::Spawn, messages::EndChild, messages::SweepCircuit> body;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "body", self.body);
  }
};

/// One end of the stream between node and runner: frames of four bytes of length (little-endian)
/// and an encoded message. Never blocks; not safe for threads.
class FrameSocket {
 public:
  static constexpr std::size_t max_frame = std::size_t{64} << 20U;

  explicit FrameSocket(Descriptor socket) : socket_(std::move(socket)) {}

  int number() const { return socket_.number(); }

  /// Queues a message; false when it is larger than `max_frame`, and then nothing is queued.
  template <messages::Described T>
  bool push(const T& message) {
    return push_frame(messages::encode(message));
  }

  /// Writes what the socket takes. What remains waits for the next call; of a peer that is gone
  /// only `receive` tells.
  void flush();
  bool has_unsent() const { return sent_ < outgoing_.size(); }

  /// Reads what has come, at most about a megabyte; false when the peer has closed its end.
  bool receive();

  /// The next whole frame, valid until the next call. A peer that announces more than `max_frame`
  /// counts as closed.
  std::optional<std::string_view> next_frame();

  /// Tells the peer that nothing more will come.
  void finish();

 private:
  bool push_frame(std::string_view frame);

  Descriptor socket_;
  std::string outgoing_;
  std::size_t sent_ = 0;
  std::string incoming_;
  std::size_t taken_ = 0;
  bool broken_ = false;
};

}  // namespace queenright::edges
