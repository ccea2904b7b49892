#include "persistence/exchange.hpp"

#include <algorithm>
#include <variant>

#include "messages/codec.hpp"

namespace queenright::persistence {

using messages::Effect;
using messages::Envelope;
using messages::Input;
using messages::NodeId;
using messages::Position;
using messages::Refusal;
using messages::Result;
using messages::RoleId;
using messages::RoleSequence;
using messages::Send;

namespace {

/// Of a message: which input of whom it follows from, and what it says to whom.
std::uint64_t key_of(RoleId by, RoleSequence sequence, std::uint64_t effect_digest) {
  const std::uint64_t words[] = {static_cast<std::uint64_t>(by.kind), by.number, sequence.value,
                                 effect_digest};
  return messages::digest_of({reinterpret_cast<const char*>(words), sizeof words}).value;
}

}  // namespace

void Exchange::Side::taking(Position position, const ActiveRole& role, const Input& input) {
  first_.try_emplace(role.id, role.sequence);
  if (const auto* booted = std::get_if<messages::Booted>(&input.body))
    lossy_ = lossy_ || booted->amnesiac;
  const auto* envelope = std::get_if<Envelope>(&input.body);
  const auto& who = input.cause.who;
  if (envelope == nullptr || who.node == node_ || who.role.kind == messages::RoleKind::none ||
      who.role.kind == messages::RoleKind::client)
    return;
  const Effect sent{Send{{node_, role.id}, envelope->items}};
  received_.push_back({who.node, who.role, input.cause.sequence,
                       key_of(who.role, input.cause.sequence, digests_of({sent}).front()), position,
                       role.id, release_of(sent) != messages::Release::eager});
}

void Exchange::Side::took(const ActiveRole& role, const std::vector<Effect>& effects,
                          const std::vector<std::uint64_t>& digests) {
  for (std::size_t i = 0; i < effects.size(); ++i)
    if (const auto* send = std::get_if<Send>(&effects[i].body);
        send != nullptr && send->to.node != node_)
      sent_.push_back(key_of(role.id, role.sequence, digests[i]));
}

bool Exchange::Side::may_lack(const Received& received) const {
  if (lossy_) return true;
  const auto first = first_.find(received.by);
  return cut_ && (first == first_.end() || received.sequence < first->second);
}

Result<Exchange::Side*> Exchange::add(NodeId node, const Recording& recording) {
  const auto [place, fresh] = sides_.emplace(node, Side{node, recording.first().value > 1});
  if (!fresh) return Refusal{"there are two recordings of node " + std::to_string(node.value)};
  return &place->second;
}

Exchange::Findings Exchange::compare() {
  Findings found;
  for (auto& [node, side] : sides_) std::sort(side.sent_.begin(), side.sent_.end());
  for (const auto& [node, side] : sides_)
    for (const auto& received : side.received_) {
      const auto known = sides_.find(received.from);
      if (known == sides_.end()) {
        ++found.absent[received.from];
        continue;
      }
      const Side& sender = known->second;
      if (std::binary_search(sender.sent_.begin(), sender.sent_.end(), received.key))
        ++found.matched;
      else if (sender.may_lack(received))
        ++found.lost;
      else if (!received.promise)
        ++found.unsynced;
      else if (found.never_sent.empty())
        found.never_sent = name_of(received.to) + " of node " + std::to_string(node.value) +
                           " received, at position " + std::to_string(received.position.value) +
                           ", what by the recording of node " +
                           std::to_string(received.from.value) + " its " + name_of(received.by) +
                           " never sent (at its input " + std::to_string(received.sequence.value) +
                           ")";
    }
  return found;
}

namespace {

/// Which node wrote this, if it shows. A circuit is told things by the queen of its node only.
std::optional<NodeId> writer_of(const Record& record) {
  const auto input = messages::decode_input(record.input);
  if (!input) return std::nullopt;
  if (const auto* booted = std::get_if<messages::Booted>(&input.value().body)) return booted->node;
  const bool told = std::holds_alternative<Envelope>(input.value().body);
  if (!told || record.role.kind != messages::RoleKind::circuit) return std::nullopt;
  return input.value().cause.who.node;
}

}  // namespace

Result<NodeId> node_of(const Recording& recording) {
  std::optional<NodeId> node;
  std::string undecodable;
  const auto scanned = recording.scan(recording.first(), [&](const Block& block) {
    const auto read = block.for_each([&](Position, const Record& record) {
      node = writer_of(record);
      return !node.has_value();
    });
    if (!read) undecodable = read.reason();
    return static_cast<bool>(read) && !node;
  });
  if (!scanned) return Refusal{scanned.reason()};
  if (!undecodable.empty()) return Refusal{undecodable};
  if (!node) return Refusal{"no node has begun in it"};
  return *node;
}

}  // namespace queenright::persistence
