#include "actors/edges/frame_socket.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace queenright::edges {
namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t chunk_size = std::size_t{64} << 10U;
constexpr int chunks_at_once = 16;

/// Forgets what is used up. A buffer that a large message made is given back.
void reset(std::string& buffer, std::size_t& used) {
  if (buffer.capacity() > 16 * chunk_size)
    std::string().swap(buffer);
  else
    buffer.clear();
  used = 0;
}

std::size_t length_of(std::string_view header) {
  std::size_t length = 0;
  for (std::size_t i = header_size; i-- > 0;)
    length = length << 8U | static_cast<unsigned char>(header[i]);
  return length;
}

}  // namespace

bool FrameSocket::push_frame(std::string_view frame) {
  if (frame.size() > max_frame) return false;
  for (std::size_t i = 0; i < header_size; ++i)
    outgoing_ += static_cast<char>(frame.size() >> (8 * i) & 0xFFU);
  outgoing_ += frame;
  return true;
}

void FrameSocket::flush() {
  while (has_unsent()) {
    const auto count = ::send(socket_.number(), outgoing_.data() + sent_, outgoing_.size() - sent_,
                              MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      if (sent_ > outgoing_.size() / 2) outgoing_.erase(0, std::exchange(sent_, 0));
      return;
    }
    if (count < 0) break;  // nobody will read it
    sent_ += static_cast<std::size_t>(count);
  }
  reset(outgoing_, sent_);
}

bool FrameSocket::receive() {
  std::array<char, chunk_size> chunk;
  for (int i = 0; i < chunks_at_once; ++i) {
    const auto count = ::recv(socket_.number(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count <= 0) return false;
    incoming_.append(chunk.data(), static_cast<std::size_t>(count));
    if (static_cast<std::size_t>(count) < chunk.size()) break;
  }
  return !broken_;
}

std::optional<std::string_view> FrameSocket::next_frame() {
  const std::string_view rest = std::string_view(incoming_).substr(taken_);
  if (rest.size() >= header_size && !broken_) {
    const std::size_t length = length_of(rest);
    broken_ = length > max_frame;
    if (!broken_ && rest.size() - header_size >= length) {
      taken_ += header_size + length;
      return rest.substr(header_size, length);
    }
  }
  incoming_.erase(0, taken_);
  taken_ = 0;
  if (incoming_.empty()) reset(incoming_, taken_);
  return std::nullopt;
}

void FrameSocket::finish() { ::shutdown(socket_.number(), SHUT_WR); }

}  // namespace queenright::edges
