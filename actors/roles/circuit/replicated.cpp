#include "actors/roles/circuit/replicated.hpp"

#include <utility>

#include "messages/ensure.hpp"
#include "messages/reader.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::roles {

using messages::Applied;
using messages::AppliedEntry;
using messages::Booted;
using messages::Committed;
using messages::ensure;
using messages::Envelope;

std::string ReplicatedRole::snapshot() const {
  return snapshot_mark + messages::encode(ReplicaSnapshot{progress_, replica_state()});
}

std::string ReplicatedRole::text() const {
  std::string text = R"({"progress":)" + messages::to_text(progress_) + R"(,"quarantined":)";
  messages::append_json_string(text, quarantined_);
  return text + R"(,"state":)" + state_text() + '}';
}

messages::Result<bool> ReplicatedRole::resume(ReplicaSnapshot snapshot) {
  if (!take_replica_state(std::move(snapshot.replica)))
    return messages::Refusal{"malformed state of a circuit"};
  progress_ = std::move(snapshot.progress);
  return true;
}

void ReplicatedRole::quarantine(ReplicatedRole& broken, std::string reason) {
  progress_ = std::move(broken.progress_);
  quarantined_ = std::move(reason);
}

ReplicaState ReplicatedRole::replica_state() const {
  if (!quarantined_.empty()) return {{}, quarantined_};
  return {state_bytes(), {}};
}

bool ReplicatedRole::take_replica_state(ReplicaState replica) {
  if (!take_state(replica.state)) return false;
  quarantined_ = std::move(replica.quarantined);
  return true;
}

void ReplicatedRole::step(messages::Input input, messages::Effects& effects) {
  if (std::holds_alternative<messages::Retired>(input.body)) return;
  if (const auto* booted = std::get_if<Booted>(&input.body)) {
    progress_.node = booted->node;
    // Its queen may have forgotten it just before a crash; then she lets it retire.
    effects.send({booted->node, messages::queen_role()}, standing({}, true));
    return;
  }
  auto* envelope = std::get_if<Envelope>(&input.body);
  ensure(envelope != nullptr || !quarantined_.empty(), "a circuit hears its queen only");
  if (envelope == nullptr) return;
  for (auto& item : envelope->items) take(envelope->from, std::move(item), effects);
}

void ReplicatedRole::take(const messages::Address& from, messages::Item item,
                          messages::Effects& effects) {
  if (progress_.node == messages::NodeId{} && from.role == messages::queen_role())
    progress_.node = from.node;  // whoever opens a circuit speaks to it first
  if (from.node != progress_.node) {
    ++progress_.dropped;
    return;
  }
  if (auto* committed = std::get_if<Committed>(&item)) {
    effects.send(from, commit(std::move(*committed)));
  } else if (std::holds_alternative<messages::Checkpoint>(item)) {
    effects.send(from, messages::Checkpointed{circuit(), progress_.applied,
                                              messages::encode(replica_state())});
  } else if (const auto* wanted = std::get_if<messages::Restore>(&item)) {
    restore(*wanted);
    effects.send(from, standing({}, true));
  } else if (const auto* read = std::get_if<messages::Read>(&item)) {
    effects.send(from, answer(*read));
  } else {
    // What broke the circuit is said to its stand-in once more.
    ensure(!quarantined_.empty(), "a circuit got an item that is not for circuits");
  }
}

AppliedEntry ReplicatedRole::made_of(messages::CommittedEntry entry) {
  const AppliedEntry nothing{entry.index, {}, {}, {}, {}};
  if (!quarantined_.empty()) return {entry.index, "quarantined: " + quarantined_, {}, {}, {}};
  if (std::holds_alternative<messages::HandOver>(entry.command)) return nothing;  // its queen's
  return apply(std::move(entry));
}

Applied ReplicatedRole::commit(Committed committed) {
  auto& unsettled = progress_.unsettled;
  unsettled.erase(unsettled.begin(), unsettled.upper_bound(committed.settled));
  Applied made;
  for (auto& entry : committed.entries) {
    const auto index = entry.index;
    if (index > progress_.applied) {
      unsettled[index] = made_of(std::move(entry));
      progress_.applied = index;
    }
    const auto known = unsettled.find(index);
    if (known != unsettled.end()) made.entries.push_back(known->second);
  }
  return standing(std::move(made));
}

void ReplicatedRole::restore(const messages::Restore& wanted) {
  if (wanted.applied <= progress_.applied) return;
  if (quarantined_.empty()) {  // else that is what was agreed, here as everywhere
    auto replica = messages::decode<ReplicaState>(wanted.state);
    ensure(replica && take_replica_state(std::move(replica).value()),
           "a circuit's state comes from a circuit");
  }
  progress_.applied = wanted.applied;
  progress_.unsettled.clear();
}

messages::Answer ReplicatedRole::answer(const messages::Read& read) const {
  messages::Answer answer;
  answer.circuit = circuit();
  answer.key = read.key;
  answer.applied = progress_.applied;
  if (quarantined_.empty())
    answer.value = summary();
  else
    answer.refused = "quarantined: " + quarantined_;
  return answer;
}

Applied ReplicatedRole::standing(Applied made, bool whole) {
  made.circuit = circuit();
  made.quarantined = quarantined_;
  made.finished = !quarantined_.empty() || finished();
  if (!quarantined_.empty()) return made;
  made.deadline = circuit_deadline();
  made.roster = roster(whole);
  return made;
}

}  // namespace queenright::roles
