#include "messages/effect.hpp"

#include <algorithm>
#include <utility>

namespace queenright::messages {
namespace {

/// What is not named here promises nothing.
struct ItemMark {
  template <class Eager>
  Release operator()(const Eager&) const {
    return Release::eager;
  }
  Release operator()(const Self&) const { return Release::held; }
  Release operator()(const SinkAck&) const { return Release::held; }
  Release operator()(const Grant&) const { return Release::held; }
  Release operator()(const OwnVote&) const { return Release::held; }
  Release operator()(const Claim& claim) const {  // of a closing: a majority has the end, durably
    return claim.ballot.epoch == closed_epoch ? Release::held : Release::eager;
  }
  Release operator()(const Appended& said) const {  // nothing of her log: what is committed, only
    return said.promises() ? Release::held : Release::eager;
  }
  Release operator()(const Suffix&) const { return Release::held; }
  Release operator()(const SyncReply&) const { return Release::held; }
  Release operator()(const SyncEnd&) const { return Release::held; }
  Release operator()(const Ended&) const { return Release::held; }
  Release operator()(const Committed&) const { return Release::when_local; }
  Release operator()(const Applied&) const { return Release::when_local; }
  Release operator()(const Events&) const { return Release::when_local; }
  Release operator()(const Checkpoint&) const { return Release::when_local; }
  Release operator()(const Checkpointed&) const { return Release::when_local; }
  Release operator()(const Restore&) const { return Release::when_local; }
  Release operator()(const Answer&) const { return Release::when_local; }
};

struct EffectMark {
  /// A send waits as long as the item in it that waits longest.
  Release operator()(const Send& send) const {
    Release strongest = Release::eager;
    for (const auto& item : send.items) strongest = std::max(strongest, release_of(item));
    return strongest;
  }
  Release operator()(const Restart&) const { return Release::when_local; }
  Release operator()(const Retire&) const { return Release::when_local; }
  Release operator()(const Spawn&) const { return Release::held; }
  Release operator()(const EndChild&) const { return Release::held; }
  Release operator()(const SweepCircuit&) const { return Release::held; }
  Release operator()(const StopNode&) const { return Release::held; }
};

}  // namespace

Release release_of(const Item& item) { return std::visit(ItemMark{}, item); }

Release release_of(const Effect& effect) { return std::visit(EffectMark{}, effect.body); }

void Effects::send(const Address& to, Item item) {
  place_sends();
  const auto known = sends_.find({to, release_of(item)});
  if (known == sends_.end()) return emit(Send{to, {std::move(item)}});
  std::get<Send>(effects_[known->second].body).items.push_back(std::move(item));
}

void Effects::place_sends() {
  for (; placed_ < effects_.size(); ++placed_)
    if (const auto* send = std::get_if<Send>(&effects_[placed_].body))
      sends_[{send->to, release_of(effects_[placed_])}] = placed_;
}

void Effects::emit(Effect::Body body) { effects_.push_back(Effect{std::move(body)}); }

std::vector<Effect> Effects::take() {
  sends_.clear();
  placed_ = 0;
  return std::exchange(effects_, {});
}

}  // namespace queenright::messages
