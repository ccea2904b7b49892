#include "sim/invariants/agreement_invariants.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "messages/text.hpp"

namespace queenright::sim {

using messages::Answered;
using messages::CircuitId;
using messages::Key;
using messages::NodeId;
using messages::RoleKind;

namespace {

/// The circuit whose log may be whole after this.
struct MayEnd {
  using Circuit = std::optional<CircuitId>;
  Circuit operator()(const messages::Append& item) const { return item.circuit; }
  Circuit operator()(const messages::Appended& item) const { return item.circuit; }
  Circuit operator()(const messages::Suffix& item) const { return item.circuit; }
  Circuit operator()(const messages::Self& item) const { return item.circuit; }
  Circuit operator()(const messages::Applied& item) const { return item.circuit; }
  template <class Other>
  Circuit operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

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
  forgets(turn);
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

void AgreementInvariants::started(const Started& started) {
  if (started.amnesiac) amnesiacs_.insert(started.node);
}

/// A5: who is told that a circuit is over forgets it when she has its end, unless she lost it.
void AgreementInvariants::forgets(const Turned& turn) {
  const auto* queen = dynamic_cast<const election::Queen*>(turn.after);
  if (queen == nullptr) return;
  std::set<CircuitId> retired;
  for (const auto& effect : turn.effects)
    if (const auto* retire = std::get_if<messages::Retire>(&effect.body))
      retired.insert({retire->role.number});
  each_item_taken(turn.input, [&](const messages::Address&, const messages::Item& item) {
    const auto circuit = std::visit(MayEnd{}, item);
    if (!circuit) return;
    const auto replica = queen->replicas().find(*circuit);
    if (replica == queen->replicas().end() || replica->second.log.closed)
      ends_.emplace(turn.node, *circuit);
  });
  if (retired.empty() || amnesiacs_.contains(turn.node)) return;
  each_item_taken(turn.input, [&](const messages::Address&, const messages::Item& item) {
    const auto* said = std::get_if<messages::Ended>(&item);
    if (said != nullptr && retired.contains(said->circuit) &&
        !ends_.contains({turn.node, said->circuit}))
      violate(turn.at, "A5", "a queen forgets " + text_of(said->circuit) + " without its end",
              said->circuit, {turn.node});
  });
}

/// A1: what was answered, what is to be done and whether it is over, at the same place.
void AgreementInvariants::look(const World& world) {
  for (const NodeId node : world.queens()) {
    const auto* queen = queen_at(world, node);
    if (queen == nullptr) continue;
    for (const auto& [circuit, replica] : queen->replicas()) {
      auto& looked_at = looked_at_[{node, circuit}];
      if (std::exchange(looked_at, replica.log.settled) == replica.log.settled) continue;
      auto kept = replica.log.snapshot({});
      kept.circuit_time = {};
      kept.deadline.reset();
      kept.finished = false;
      kept.last_event = {};
      kept.events.clear();
      kept.events_forgotten = {};
      kept.quarantined.clear();
      const auto digest = messages::digest_of(kept).value;
      const auto [found, fresh] = settled_.try_emplace({circuit, kept.index}, digest);
      if (found->second != digest)
        violate(world.now(), "A1",
                "two queens have different answers or effects at " +
                    std::to_string(kept.index.value) + " of " + text_of(circuit),
                circuit, {node});
    }
  }
}

void AgreementInvariants::asked(const Spoke& spoke) {
  if (const auto* wanted = std::get_if<messages::Read>(&spoke.item); wanted && !wanted->stale)
    reads_[{wanted->circuit, wanted->key}] = known_[wanted->circuit];
  if (const auto* submit = std::get_if<messages::Submit>(&spoke.item))
    ++asked_[{submit->circuit, submit->key}];
}

void AgreementInvariants::told(const Spoke& spoke) {
  if (const auto* answer = std::get_if<messages::Answer>(&spoke.item)) return read(spoke, *answer);
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
  const auto committed = keys_.find(named);
  if (committed == keys_.end())
    return violate(spoke.at, "A2", "acknowledged, and not committed in " + text_of(reply.circuit),
                   reply.circuit, {spoke.queen});
  auto& known = known_[reply.circuit];
  known = std::max(known, committed->second);
}

/// A2: a read that must be new knows all that was known when it was asked.
void AgreementInvariants::read(const Spoke& spoke, const messages::Answer& answer) {
  const auto asked = reads_.extract({answer.circuit, answer.key});
  if (asked.empty() || !answer.refused.empty()) return;
  if (answer.applied < asked.mapped())
    violate(spoke.at, "A2", "a read of " + text_of(answer.circuit) + " does not see what was known",
            answer.circuit, {spoke.queen});
  auto& known = known_[answer.circuit];
  known = std::max(known, answer.applied);
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
