#include "election/agreement/log.hpp"

#include <utility>

#include "messages/ensure.hpp"

namespace queenright::election {

using messages::ensure;

LogIndex Log::append(Entry entry) {
  ensure(!closed, "a closed log takes no entries");
  circuit_time = entry.circuit_time;
  ++length.value;
  entries.emplace_hint(entries.end(), length, std::move(entry));
  return length;
}

void Log::settle(const messages::AppliedEntry& applied) {
  ensure(applied.index <= commit, "only committed entries are settled");
  const auto entry = entries.begin();
  ensure(entry != entries.end() && entry->first == applied.index,
         "entries are settled in their order");
  if (entry->second.key != Key{})
    keys[entry->second.key] = {entry->second.key, applied.index,  entry->second.digest,
                               applied.refused,   applied.result, entry->second.wall};
  for (std::uint32_t i = 0; i < applied.effects.size(); ++i)
    effects.emplace(EffectId{applied.index, {i}}, applied.effects[i]);
  settled = applied.index;
  entries.erase(entry);
}

void Log::settle_own_entries() {
  while (!entries.empty()) {
    const auto& [index, entry] = *entries.begin();
    if (index > commit || entry.kind == EntryKind::command) return;
    for (const auto& id : entry.confirmed) effects.erase(id);
    if (entry.kind == EntryKind::close) closed = true;
    settled = index;
    entries.erase(entries.begin());
  }
}

void Log::forget_keys_before(WallTime horizon) {
  std::erase_if(keys, [&](const auto& key) { return key.second.wall < horizon; });
}

}  // namespace queenright::election
