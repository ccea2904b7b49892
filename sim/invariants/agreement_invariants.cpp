#include "sim/invariants/agreement_invariants.hpp"

#include "messages/text.hpp"

namespace queenright::sim {

using messages::Answered;
using messages::CircuitId;
using messages::Key;
using messages::NodeId;
using messages::RoleKind;

void AgreementInvariants::begin(Part, const World& world) { world_ = &world; }

void AgreementInvariants::turned(const Turned& turn) {
  if (turn.role.kind == RoleKind::queen) queen_turned(turn);
  if (turn.role.kind != RoleKind::circuit) return;
  each_item_sent(turn.effects, [&](const messages::Address&, const messages::Item& item) {
    if (const auto* state = std::get_if<messages::Checkpointed>(&item))
      same(states_, turn, {state->circuit, state->applied},
           messages::digest_of(std::string_view(state->state)).value, "states");
  });
}

void AgreementInvariants::queen_turned(const Turned& turn) {
  each_item_sent(turn.effects, [&](const messages::Address& to, const messages::Item& item) {
    if (const auto* committed = std::get_if<messages::Committed>(&item))
      delivered(turn, *committed);
    const auto* append = std::get_if<messages::Append>(&item);
    if (append == nullptr || to.node == turn.node) return;
    const auto [place, fresh] =
        appends_.try_emplace({append->circuit, append->ballot.epoch}, append->ballot.session);
    if (place->second != append->ballot.session)
      violate(turn.at, "A3", "two sessions append in one epoch of " + text_of(append->circuit),
              append->circuit, {turn.node});
  });
  each_item_taken(turn.input, [&](const messages::Address& from, const messages::Item& item) {
    const auto* made = std::get_if<messages::Applied>(&item);
    if (made != nullptr && from.node == turn.node) applied(turn, *made);
  });
}

/// A1, A2: the same entry at each place everywhere, and a key at one place only.
void AgreementInvariants::delivered(const Turned& turn, const messages::Committed& committed) {
  for (const auto& entry : committed.entries)
    same(entries_, turn, {committed.circuit, entry.index}, messages::digest_of(entry).value,
         "entries");
  const auto* queen = dynamic_cast<const election::Queen*>(turn.after);
  if (queen == nullptr) return;
  const auto replica = queen->replicas().find(committed.circuit);
  if (replica == queen->replicas().end()) return;
  for (const auto& entry : committed.entries) {
    const auto kept = replica->second.log.entries.find(entry.index);
    if (kept == replica->second.log.entries.end() || kept->second.key == Key{}) continue;
    const auto [place, fresh] =
        keys_.try_emplace({committed.circuit, kept->second.key}, entry.index);
    if (place->second != entry.index)
      violate(turn.at, "A2",
              "the command " + kept->second.key.session + " is in the log of " +
                  text_of(committed.circuit) + " twice",
              committed.circuit, {turn.node});
  }
}

void AgreementInvariants::applied(const Turned& turn, const messages::Applied& made) {
  for (const auto& entry : made.entries)
    same(made_, turn, {made.circuit, entry.index}, messages::digest_of(entry).value, "results");
}

void AgreementInvariants::same(std::map<Place, std::uint64_t>& known, const Turned& turn,
                               Place place, std::uint64_t digest, const char* what) {
  const auto [found, fresh] = known.try_emplace(place, digest);
  if (found->second == digest) return;
  violate(turn.at, "A1",
          std::string("two queens have different ") + what + " at " +
              std::to_string(place.second.value) + " of " + text_of(place.first),
          place.first, {turn.node});
}

void AgreementInvariants::asked(const Spoke& spoke) {
  if (const auto* submit = std::get_if<messages::Submit>(&spoke.item))
    ++asked_[{submit->circuit, submit->key}];
}

void AgreementInvariants::told(const Spoke& spoke) {
  const auto* reply = std::get_if<messages::Reply>(&spoke.item);
  if (reply == nullptr) return;
  if (reply->answered == Answered::ok) acknowledged(spoke, *reply);
  if (reply->answered == Answered::unavailable) unavailable(spoke, *reply);
}

/// A2: what was acknowledged is in the log, and the answer is always the same.
void AgreementInvariants::acknowledged(const Spoke& spoke, const messages::Reply& reply) {
  const auto named = std::pair{reply.circuit, reply.key};
  std::string text = messages::to_text(reply);
  const auto [place, fresh] = answers_.try_emplace(named, text);
  if (place->second != text)
    violate(spoke.at, "A2", "two answers to one command of " + text_of(reply.circuit),
            reply.circuit, {spoke.queen});
  if (!keys_.contains(named))
    violate(spoke.at, "A2", "acknowledged, and not committed in " + text_of(reply.circuit),
            reply.circuit, {spoke.queen});
}

/// A2: what was refused for good is in no log. (Asked twice, the other queen may have done it.)
void AgreementInvariants::unavailable(const Spoke& spoke, const messages::Reply& reply) {
  if (asked_[{reply.circuit, reply.key}] > 1) return;
  for (const NodeId node : world_->queens()) {
    const auto* queen = queen_at(*world_, node);
    if (queen == nullptr) continue;
    const auto replica = queen->replicas().find(reply.circuit);
    if (replica == queen->replicas().end()) continue;
    for (const auto& [index, entry] : replica->second.log.entries)
      if (entry.key == reply.key)
        violate(spoke.at, "A2", "refused, and in the log of " + text_of(reply.circuit),
                reply.circuit, {spoke.queen, node});
  }
}

}  // namespace queenright::sim
