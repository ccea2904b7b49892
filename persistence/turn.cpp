#include "persistence/turn.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "messages/codec.hpp"
#include "persistence/routing.hpp"

namespace queenright::persistence {

using messages::Cause;
using messages::Effect;
using messages::Input;
using messages::Release;

std::string Turn::take(ActiveRole& self, messages::TraceId trace, Cause cause, Input::Body body) {
  Input input{trace, cause, clock_.now(), clock_.wall(), std::move(body)};
  const bool boots = std::holds_alternative<messages::Booted>(input.body);
  const bool silent = boots || is_booting(self);
  encoded_.clear();
  append_encoded(encoded_, input);
  const bool hello = is_hello(input);
  const bool only_for_touch =
      std::holds_alternative<messages::Due>(input.body) || is_workers_hello(input);

  std::optional<Input> seen;
  if (watcher_ != nullptr) seen = input;
  ++self.sequence.value;
  if (hello) hello_.take(self.sequence, input);
  auto [effects, failure] = step_role(catalogue_, self, std::move(input), encoded_);

  const Cause here{{node_, self.id}, self.sequence};
  const auto digests = digests_of(effects);
  if (watcher_ != nullptr) watcher_->taken({self, *seen, effects, digests, failure});
  const auto wait = std::stable_partition(effects.begin(), effects.end(),
                                          [&](const Effect& e) { return goes_at_once(e, silent); });
  std::vector<HeldEffect> held;
  for (auto effect = wait; effect != effects.end(); ++effect)
    held.push_back({trace, here, std::move(*effect)});
  const auto says_only_hello = [](const Effect& effect) {
    return says_hello(effect) || says_workers_hello(effect);
  };
  const bool in_touch =
      hello || (only_for_touch && std::all_of(effects.begin(), wait, says_only_hello));
  const bool waits = !held.empty() || !failure.empty() || boots;
  const auto urgency = waits ? Urgency::at_once : in_touch ? Urgency::lazy : Urgency::soon;
  const auto position = sequencer_.append(
      {self.id, self.sequence, encoded_, digests, failure, hello ? &hello_ : nullptr, urgency},
      std::move(held));
  if (boots) self.booting = position;

  for (auto effect = effects.begin(); effect != wait; ++effect)
    outlet_.release(trace, here, std::move(*effect));
  return self.role == nullptr ? failure : std::string();
}

/// Its last Booted is not synced yet.
bool Turn::is_booting(ActiveRole& self) const {
  if (self.booting.value != 0 && self.booting <= sequencer_.synced()) self.booting = {};
  return self.booting.value != 0;
}

/// By mark, and by whether it stays on this node. Nothing leaves before Booted is synced.
bool Turn::goes_at_once(const Effect& effect, bool silent) const {
  const Release release = release_of(effect);
  if (stays_on(node_, effect)) return release != Release::held;
  return release == Release::eager && !silent;
}

}  // namespace queenright::persistence
