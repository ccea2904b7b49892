#include "messages/effect.hpp"

#include <utility>

namespace queenright::messages {
namespace {

struct ItemMark {
  Release operator()(const Self&) const { return Release::held; }
  Release operator()(const SinkAck&) const { return Release::held; }
  Release operator()(const Committed&) const { return Release::when_local; }
  Release operator()(const Applied&) const { return Release::when_local; }
  Release operator()(const Events&) const { return Release::when_local; }
  Release operator()(const Submit&) const { return Release::eager; }
  Release operator()(const Reply&) const { return Release::eager; }
  Release operator()(const Watch&) const { return Release::eager; }
  Release operator()(const SinkEffect&) const { return Release::eager; }
};

struct EffectMark {
  Release operator()(const Send& send) const { return release_of(send.items.front()); }
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
  for (auto effect = effects_.rbegin(); effect != effects_.rend(); ++effect) {
    auto* send = std::get_if<Send>(&effect->body);
    if (send == nullptr || send->to != to || release_of(*effect) != release_of(item)) continue;
    send->items.push_back(std::move(item));
    return;
  }
  emit(Send{to, {}});
  std::get<Send>(effects_.back().body).items.push_back(std::move(item));
}

}  // namespace queenright::messages
