#include "election/agreement/lead.hpp"

#include <algorithm>
#include <utility>

#include "messages/ensure.hpp"

namespace queenright::election {

using messages::Answered;
using messages::Committed;
using messages::CommittedEntry;
using messages::ensure;
using messages::Reply;
using messages::Submit;

void Replica::boot(Instant now) {
  const auto deadline = lead.deadline;  // in circuit time, which stands still meanwhile
  lead = Lead{};
  lead.time_at = now;
  lead.delivered = log.settled;
  lead.deadline = deadline;
  for (const auto& [index, entry] : log.entries)  // A-R16: a repeat joins, without the old waiters
    if (entry.key != Key{}) lead.pending[entry.key].index = index;
}

void Replica::claim() {
  ensure(log.promised.value != UINT32_MAX, "epochs do not wrap");
  ++log.promised.value;
  lead.phase = Phase::candidate;
  lead.announced = {};
}

bool Replica::count_self(const messages::Self& self, const Stamp& stamp) {
  if (self.epoch != log.promised) return false;  // of an epoch we have left
  if (lead.phase == Phase::candidate) {          // R7, of one voter: our own vote is a majority
    log.accepted = log.promised;
    lead.phase = Phase::opening;
    lead.time_at = stamp.now;
    append_own(EntryKind::open, stamp);
    lead.opened = log.length;
    return false;
  }
  // A-R7: the majority of one voter is itself.
  log.commit = std::max(log.commit, LogIndex{self.length});
  log.settle_own_entries();
  if (lead.phase != Phase::opening || log.commit < lead.opened) return false;
  lead.phase = Phase::lead;
  return true;
}

Entry Replica::stamped(EntryKind kind, const Stamp& stamp) {
  Entry entry;
  entry.epoch = log.accepted;
  entry.kind = kind;
  entry.circuit_time = circuit_time(stamp.now);
  entry.wall = stamp.wall;
  entry.seed = stamp.seed;
  entry.root = stamp.root;
  lead.time_at = stamp.now;
  return entry;
}

void Replica::append_command(Submit submit, const Address& waiter, const Stamp& stamp) {
  Entry entry = stamped(EntryKind::command, stamp);
  entry.digest = digest_of(submit);
  entry.key = std::move(submit.key);
  entry.command = std::move(submit.command);
  entry.entry_queen = stamp.root;
  auto& pending = lead.pending[entry.key];
  pending.index = log.append(std::move(entry));
  pending.waiters.push_back(waiter);
}

void Replica::append_time_passed(const Stamp& stamp) {
  Entry entry = stamped(EntryKind::command, stamp);
  entry.command = messages::TimePassed{};
  log.append(std::move(entry));
}

void Replica::append_own(EntryKind kind, const Stamp& stamp) {
  Entry entry = stamped(kind, stamp);
  if (kind == EntryKind::confirm) {
    entry.confirmed.assign(lead.confirmed.begin(), lead.confirmed.end());
    lead.confirmed.clear();
  }
  log.append(std::move(entry));
}

std::optional<Reply> Replica::known_answer(const Submit& submit) const {
  const auto known = log.keys.find(submit.key);
  const auto pending = lead.pending.find(submit.key);
  if (known == log.keys.end() && pending == lead.pending.end()) return std::nullopt;
  const auto& first = known != log.keys.end() ? known->second.command
                                              : log.entries.at(pending->second.index).digest;
  if (first != digest_of(submit))
    return Reply{submit.circuit,
                 submit.key,
                 Answered::refused,
                 {},
                 "this key was already used for another command"};
  if (known == log.keys.end()) return std::nullopt;
  const auto& answer = known->second;
  return Reply{submit.circuit, submit.key,
               answer.refused.empty() ? Answered::ok : Answered::refused, answer.result,
               answer.refused};
}

bool Replica::join(const Submit& submit, const Address& waiter) {
  const auto pending = lead.pending.find(submit.key);
  if (pending == lead.pending.end()) return false;
  auto& waiters = pending->second.waiters;
  if (std::find(waiters.begin(), waiters.end(), waiter) == waiters.end()) waiters.push_back(waiter);
  return true;
}

void Replica::park(const Address& from, Submit submit) {
  const bool known = std::any_of(lead.parked.begin(), lead.parked.end(), [&](const Parked& parked) {
    return parked.from == from && parked.submit.key == submit.key &&
           digest_of(parked.submit) == digest_of(submit);
  });
  if (!known) lead.parked.push_back({from, std::move(submit)});
}

void Replica::deliver(const Address& circuit_role, Effects& effects) {
  if (lead.delivered >= log.commit) return;
  Committed committed{circuit, {}, log.settled};
  for (auto next = log.entries.upper_bound(lead.delivered);
       next != log.entries.end() && next->first <= log.commit; ++next) {
    const auto& [index, entry] = *next;
    if (entry.kind == EntryKind::command)
      committed.entries.push_back({index, entry.circuit_time, entry.wall, entry.seed, entry.command,
                                   entry.epoch, entry.root, entry.entry_queen});
  }
  lead.delivered = log.commit;
  if (!committed.entries.empty()) effects.send(circuit_role, std::move(committed));
}

std::optional<Instant> Replica::alarm() const {
  std::optional<Instant> earliest;
  const auto consider = [&](const std::optional<Instant>& at) {
    if (at && (!earliest || *at < *earliest)) earliest = at;
  };
  consider(lead.confirm_at);
  consider(lead.repeat_at);
  if (leads() && lead.deadline)
    consider(lead.time_at + std::max(*lead.deadline - log.circuit_time, Duration{}));
  return earliest;
}

}  // namespace queenright::election
