#include "persistence/turn.hpp"

#include <algorithm>
#include <utility>

#include "messages/codec.hpp"
#include "persistence/hello_record.hpp"

namespace queenright::persistence {

using messages::Cause;
using messages::Effect;
using messages::Input;
using messages::Release;
using messages::RoleKind;

std::string Turn::take(ActiveRole& self, messages::TraceId trace, Cause cause, Input::Body body) {
  Input input{trace, cause, clock_.now(), clock_.wall(), std::move(body)};
  encoded_.clear();
  append_encoded(encoded_, input);
  const bool hello = is_hello(input);
  const bool alarm = std::holds_alternative<messages::Due>(input.body);

  ++self.sequence.value;
  auto [effects, failure] = step_role(catalogue_, self, std::move(input), encoded_);

  const Cause here{{node_, self.id}, self.sequence};
  const auto digests = digests_of(effects);
  const auto wait = std::stable_partition(effects.begin(), effects.end(),
                                          [&](const Effect& e) { return goes_at_once(e); });
  std::vector<HeldEffect> held;
  for (auto effect = wait; effect != effects.end(); ++effect)
    held.push_back({trace, here, std::move(*effect)});
  const bool in_touch = hello || (alarm && std::all_of(effects.begin(), wait, says_hello));
  const bool lazy = in_touch && held.empty() && failure.empty();
  sequencer_.append({self.id, self.sequence, encoded_, digests, failure, hello, lazy},
                    std::move(held));

  for (auto effect = effects.begin(); effect != wait; ++effect)
    outlet_.release(trace, here, std::move(*effect));
  return self.role == nullptr ? failure : std::string();
}

/// By mark, and by whether it stays on this node.
bool Turn::goes_at_once(const Effect& effect) const {
  const Release release = release_of(effect);
  if (release != Release::when_local) return release == Release::eager;
  const auto* send = std::get_if<messages::Send>(&effect.body);
  return send == nullptr || (send->to.node == node_ && send->to.role.kind != RoleKind::client);
}

}  // namespace queenright::persistence
