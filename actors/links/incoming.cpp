#include "actors/links/incoming.hpp"

namespace queenright::links {

Incoming::Verdict Incoming::take(const messages::Frame& frame) {
  const bool known = frame.process == process_ && frame.stream == stream_;
  if (known && frame.number <= taken_) return Verdict::repeated;
  if (known && frame.number.value == taken_.value + 1) {
    taken_ = frame.number;
    return Verdict::next;
  }
  const bool older = frame.process == process_ && frame.stream < stream_;
  if (older) return Verdict::repeated;
  if (known || frame.number.value != 1) return Verdict::gap;
  process_ = frame.process;
  stream_ = frame.stream;
  taken_ = frame.number;
  return Verdict::next;
}

}  // namespace queenright::links
