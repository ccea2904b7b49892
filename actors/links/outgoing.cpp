#include "actors/links/outgoing.hpp"

#include <algorithm>
#include <utility>

namespace queenright::links {

using messages::Instant;

bool Outgoing::add(std::string letter) {
  if (waiting_bytes_ + letter.size() > limits_.waiting_bytes) return false;
  waiting_bytes_ += letter.size();
  waiting_.push_back(std::move(letter));
  return true;
}

const Bundle* Outgoing::next(Instant now) {
  const bool silent = repeat_at() && *repeat_at() <= now;
  if (silent) connected();
  if (unsent_from_ == bundles_.size() && !bundle()) return nullptr;
  const Bundle& bundle = bundles_[unsent_from_];
  if (unsent_from_ == 0) last_progress_ = now;
  if (bundle.number <= sent_once_) ++repeated_;
  sent_once_ = std::max(sent_once_, bundle.number);
  ++unsent_from_;
  return &bundle;
}

/// Of what waits as much as a frame takes; false when nothing waits, or there is no room. A letter
/// that is larger than all room goes when nothing else is under way.
bool Outgoing::bundle() {
  if (waiting_.empty() || room_ == 0) return false;
  Bundle bundle;
  const auto fits = [&] {
    const std::uint64_t bytes = bundle.bytes + waiting_.front().size();
    const bool first = bundle.letters.empty();
    return (first || bytes <= limits_.frame_bytes) &&
           ((first && bundles_.empty()) || under_way_bytes_ + bytes <= room_);
  };
  while (!waiting_.empty() && fits()) {
    bundle.bytes += waiting_.front().size();
    bundle.letters.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  if (bundle.letters.empty()) return false;
  bundle.number = {++last_.value};
  under_way_bytes_ += bundle.bytes;
  bundles_.push_back(std::move(bundle));
  return true;
}

void Outgoing::unsent() {
  if (unsent_from_ > 0) --unsent_from_;
}

void Outgoing::take(const messages::StreamAck& ack, Instant now) {
  if (ack.stream != stream_ || ack.taken > last_) return;
  room_ = ack.room;
  while (!bundles_.empty() && bundles_.front().number <= ack.taken) {
    waiting_bytes_ -= bundles_.front().bytes;
    under_way_bytes_ -= bundles_.front().bytes;
    bundles_.pop_front();
    if (unsent_from_ > 0) --unsent_from_;
    last_progress_ = now;
  }
}

void Outgoing::forget() {
  ++stream_.value;
  last_ = sent_once_ = {};
  waiting_.clear();
  bundles_.clear();
  unsent_from_ = 0;
  waiting_bytes_ = under_way_bytes_ = 0;
  room_ = limits_.first_room;
}

std::optional<Instant> Outgoing::repeat_at() const {
  if (unsent_from_ == 0) return std::nullopt;  // nothing is under way
  return last_progress_ + limits_.repeat_after;
}

}  // namespace queenright::links
