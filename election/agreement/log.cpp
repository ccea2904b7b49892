#include "election/agreement/log.hpp"

#include <algorithm>
#include <utility>

#include "messages/ensure.hpp"

namespace queenright::election {

using messages::ensure;

namespace {

/// For those who watch, and have to do so at another queen.
constexpr std::ptrdiff_t events_kept = 1000;

struct Sink {
  using Worker = std::optional<messages::Address>;
  Worker operator()(const messages::Propose&) const { return std::nullopt; }
  Worker operator()(const messages::OpenCircuit&) const { return std::nullopt; }
  Worker operator()(const auto& order) const { return order.worker; }
};

}  // namespace

std::optional<messages::Address> sink_of(const CircuitEffect& effect) {
  return std::visit(Sink{}, effect);
}

LogIndex Log::append(Entry entry) {
  ++length.value;
  entries.emplace_hint(entries.end(), length, std::move(entry));
  return length;
}

void Log::extend(LogIndex base, const std::vector<Entry>& more) {
  ensure(base <= length, "a log has no gaps");
  LogIndex index = base;
  for (const auto& entry : more) {
    index = after(index);
    if (index > length) append(entry);
  }
}

void Log::cut(LogIndex last) {
  ensure(last >= commit, "what is committed is never cut");
  if (last >= length) return;
  entries.erase(entries.upper_bound(last), entries.end());
  length = last;
}

std::vector<Entry> Log::entries_after(LogIndex base) const {
  ensure(base >= dropped, "entries that were dropped can't be shipped");
  std::vector<Entry> found;
  for (auto next = entries.upper_bound(base); next != entries.end(); ++next)
    found.push_back(next->second);
  return found;
}

void Log::settle(const messages::AppliedEntry& made) {
  ensure(made.index <= commit, "only committed entries are settled");
  const auto found = entries.find(made.index);
  ensure(found != entries.end() && made.index == after(settled),
         "entries are settled in their order");
  const Entry& entry = found->second;
  if (entry.key != Key{})
    keys[entry.key] = {{}, made.index, entry.digest, made.refused, made.result, entry.wall};
  for (std::uint32_t i = 0; i < made.effects.size(); ++i)
    if (!std::holds_alternative<messages::OpenCircuit>(
            made.effects[i]))  // done where it is settled
      effects.emplace(EffectId{made.index, {i}}, made.effects[i]);
  settled = applied = made.index;
  restored.reset();
}

bool Log::ends() const {
  const auto last = std::find_if(entries.rbegin(), entries.rend(), [](const auto& one) {
    return one.second.kind == EntryKind::command || one.second.kind == EntryKind::close;
  });
  return last == entries.rend() ? closed : last->second.kind == EntryKind::close;
}

void Log::settle_own_entries() {
  for (auto next = entries.upper_bound(settled); next != entries.end(); ++next) {
    const auto& [index, entry] = *next;
    if (index > commit || entry.kind == EntryKind::command) return;
    for (const auto& id : entry.confirmed) effects.erase(id);
    if (entry.kind == EntryKind::close) closed = true;
    settled = index;
  }
}

void Log::drop_settled(std::size_t keep) {
  while (!entries.empty() && entries.begin()->first.value + keep <= settled.value) {
    dropped = entries.begin()->first;
    dropped_time = entries.begin()->second.circuit_time;
    entries.erase(entries.begin());
  }
}

LogSnapshot Log::snapshot(std::string state) const {
  LogSnapshot made;
  made.index = settled;
  made.applied = applied;
  const auto last = entries.find(settled);
  made.circuit_time = last == entries.end() ? dropped_time : last->second.circuit_time;
  for (const auto& [key, answer] : keys) {
    made.keys.push_back(answer);
    made.keys.back().key = key;
  }
  for (const auto& [id, effect] : effects) made.effects.push_back({id, effect});
  made.deadline = deadline;
  made.finished = finished;
  made.closed = closed;
  made.quarantined = quarantined;
  made.last_event = last_event;
  made.events = events;
  made.events_forgotten = events_forgotten;
  made.state = std::move(state);
  return made;
}

void Log::install(const LogSnapshot& snapshot) {
  ensure(snapshot.index > commit, "a snapshot replaces only what is behind it");
  entries.clear();
  keys.clear();
  effects.clear();
  length = commit = settled = dropped = snapshot.index;
  applied = snapshot.applied;
  dropped_time = snapshot.circuit_time;
  for (auto answer : snapshot.keys) {
    const Key key = std::exchange(answer.key, {});
    keys.emplace(key, std::move(answer));
  }
  for (const auto& pending : snapshot.effects) effects.emplace(pending.id, pending.effect);
  deadline = snapshot.deadline;
  finished = snapshot.finished;
  closed = snapshot.closed;
  quarantined = snapshot.quarantined;
  last_event = snapshot.last_event;
  events = snapshot.events;
  events_forgotten = snapshot.events_forgotten;
}

void Log::note(const std::vector<messages::RunEvent>& told) {
  for (const auto& event : told)
    if (event.step.empty()) last_event = event;
  events.insert(events.end(), told.begin(), told.end());
  if (std::ssize(events) < 2 * events_kept) return;
  auto first = events.end() - events_kept;
  events_forgotten = std::prev(first)->index;
  while (first != events.end() && first->index == events_forgotten) ++first;
  events.erase(events.begin(), first);
}

std::optional<std::vector<messages::RunEvent>> Log::events_since(LogIndex since) const {
  if (since < events_forgotten) return std::nullopt;
  std::vector<messages::RunEvent> later;
  for (const auto& event : events)
    if (event.index > since) later.push_back(event);
  return later;
}

void Log::forget_keys_before(WallTime horizon) {
  std::erase_if(keys, [&](const auto& key) { return key.second.wall < horizon; });
}

}  // namespace queenright::election
