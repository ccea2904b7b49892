#include "election/agreement/replica.hpp"

#include <iterator>
#include <utility>

#include "messages/ensure.hpp"
#include "messages/writer.hpp"

namespace queenright::election {

using messages::Answered;
using messages::Reply;
using messages::Submit;

void Request::hand_to(const Ballot& ballot) {
  elsewhere |= handed_over && root != ballot;
  handed_over = true;
  root = ballot;
}

/// What was handed to the circuit's role and not answered is handed out again.
void Replica::boot(Instant now) {
  Replica kept;
  kept.circuit = circuit;
  kept.log = std::move(log);
  kept.time_at = now;
  kept.delivered = kept.log.settled;
  *this = std::move(kept);
}

Entry Replica::stamped(EntryKind kind, const Stamp& stamp) {
  Entry entry;
  entry.epoch = log.accepted;
  entry.kind = kind;
  entry.circuit_time = circuit_time(stamp.now);
  entry.wall = stamp.wall;
  entry.seed = stamp.seed;
  entry.root = stamp.root;
  time_at = stamp.now;
  return entry;
}

void Replica::weigh() {
  lead.bytes = {{log.settled, 0}};
  std::uint64_t bytes = 0;
  for (auto next = log.entries.upper_bound(log.settled); next != log.entries.end(); ++next)
    lead.bytes[next->first] = bytes += messages::encode(next->second).size();
}

std::uint64_t Replica::bytes_up_to(LogIndex index) const {
  const auto next = lead.bytes.upper_bound(index);
  return next == lead.bytes.begin() ? next->second : std::prev(next)->second;
}

LogIndex Replica::append(Entry entry) {
  messages::ensure(!lead.bytes.empty(), "only a root appends, from her OPEN on");
  messages::ensure(entry.kind != EntryKind::command || !log.ends(),
                   "no command comes after a CLOSE");  // A-R13
  const std::uint64_t bytes = lead.bytes.rbegin()->second + messages::encode(entry).size();
  const LogIndex index = log.append(std::move(entry));
  lead.bytes[index] = bytes;
  lead.bytes.erase(lead.bytes.begin(), lead.bytes.lower_bound(log.dropped));
  return index;
}

void Replica::append_command(Submit submit, NodeId entry_queen, const Stamp& stamp) {
  Entry entry = stamped(EntryKind::command, stamp);
  entry.digest = digest_of(submit);
  entry.key = std::move(submit.key);
  entry.command = std::move(submit.command);
  entry.entry_queen = entry_queen;
  Pending& pending = lead.pending[entry.key];
  pending.index = append(std::move(entry));
}

void Replica::append_time_passed(const Stamp& stamp) {
  Entry entry = stamped(EntryKind::command, stamp);
  entry.command = messages::TimePassed{};
  append(std::move(entry));
}

void Replica::append_own(EntryKind kind, const Stamp& stamp) {
  Entry entry = stamped(kind, stamp);
  if (kind == EntryKind::confirm) {
    entry.confirmed.assign(lead.confirmed.begin(), lead.confirmed.end());
    lead.confirmed.clear();
    lead.confirm_at.reset();
  }
  append(std::move(entry));
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
  return Reply{
      submit.circuit, submit.key,     answer.refused.empty() ? Answered::ok : Answered::refused,
      answer.result,  answer.refused, answer.index};
}

std::optional<messages::Committed> Replica::next_delivery() {
  if (delivered >= log.commit) return std::nullopt;
  messages::Committed committed{circuit, {}, log.settled};
  for (auto next = log.entries.upper_bound(delivered);
       next != log.entries.end() && next->first <= log.commit; ++next) {
    const auto& [index, entry] = *next;
    if (entry.kind == EntryKind::command)
      committed.entries.push_back({index, entry.circuit_time, entry.wall, entry.seed, entry.command,
                                   entry.epoch, entry.root, entry.entry_queen});
  }
  delivered = log.commit;
  if (committed.entries.empty()) return std::nullopt;
  return committed;
}

}  // namespace queenright::election
