#include "persistence/replay.hpp"

#include <algorithm>
#include <utility>

#include "messages/codec.hpp"
#include "messages/ensure.hpp"

namespace queenright::persistence {

using messages::Catalogue;
using messages::Effect;
using messages::Input;
using messages::Position;
using messages::Refusal;
using messages::Result;
using messages::RoleId;
using messages::RoleSequence;

namespace {

Result<ActiveRole> restored(const Catalogue& catalogue, const Snapshot& snapshot) {
  auto role = catalogue.restore(snapshot.role, snapshot.state);
  if (!role)
    return Refusal{"the snapshot of " + name_of(snapshot.role) + " was written by version " +
                   std::to_string(snapshot.version) + ": " + role.reason()};
  return ActiveRole{snapshot.role, std::move(role).value(), snapshot.sequence};
}

Result<Input> input_of(const Record& record) {
  if (record.decoded != nullptr) return *record.decoded;
  return messages::decode_input(record.input);
}

}  // namespace

BlockNumber block_of(const Recording& recording, Position position) {
  std::uint64_t low = recording.first().value;
  std::uint64_t high = recording.tail().last.value;
  while (low < high) {  // the last block whose first position is not after `position`
    const std::uint64_t middle = low + (high - low + 1) / 2;
    bool after = false;
    const auto read = recording.scan({middle}, [&](const Block& block) {
      after = block.header().first > position;
      return false;
    });
    if (!read || after)
      high = middle - 1;
    else
      low = middle;
  }
  return {low};
}

Result<bool> Replay::start_from(const std::vector<Snapshot>& snapshots) {
  for (const auto& snapshot : snapshots) {
    auto active = restored(catalogue_, snapshot);
    if (!active) return Refusal{active.reason()};
    roles_.insert_or_assign(snapshot.role, std::move(active).value());
    skip_to_[snapshot.role] = snapshot.position;
  }
  snapshots_ = snapshots;
  return true;
}

BlockNumber Replay::first_needed() const {
  if (snapshots_.empty()) return recording_.first();
  const auto oldest = std::min_element(
      snapshots_.begin(), snapshots_.end(),
      [](const Snapshot& a, const Snapshot& b) { return a.position < b.position; });
  return block_of(recording_, {oldest->position.value + 1});
}

Result<bool> Replay::run(Position until) {
  std::string undecodable;
  const auto scanned = recording_.scan(first_needed(), [&](const Block& block) {
    const auto decoded = block.for_each([&](Position position, const Record& record) {
      if (until.value != 0 && position > until) return false;
      take(position, record);
      return !divergence_.has_value();
    });
    if (!decoded) undecodable = decoded.reason();
    return decoded && decoded.value();
  });
  if (!scanned) return Refusal{scanned.reason()};
  if (!undecodable.empty()) return Refusal{undecodable};
  return true;
}

ActiveRole& Replay::role_of(const Record& record) {
  auto [place, fresh] = roles_.try_emplace(record.role);
  if (fresh) place->second = {record.role, catalogue_.make(record.role), {}};
  return place->second;
}

void Replay::take(Position position, const Record& record) {
  if (only_ && record.role != *only_) return;
  if (const auto skip = skip_to_.find(record.role);
      skip != skip_to_.end() && position <= skip->second)
    return;
  if (!snapshots_.empty() && !roles_.contains(record.role) && record.sequence.value > 1)
    return;  // it had retired before the recording starts
  auto input = input_of(record);
  if (!input) return diverge(position, record, input.reason(), {});
  auto& self = role_of(record);
  if (record.sequence.value != self.sequence.value + 1)
    return diverge(position, record, "an input of this role is missing before this one", {});
  ++self.sequence.value;
  const bool retires = std::holds_alternative<messages::Retired>(input.value().body);
  if (watcher_ != nullptr) watcher_->taking(position, self, input.value());
  const auto stepped = step_role(catalogue_, self, std::move(input).value(), record.input);
  ++inputs_;
  effects_ += stepped.effects.size();
  if (stepped.failure != record.failure)
    return diverge(position, record,
                   "it " + (stepped.failure.empty() ? "held" : "broke: " + stepped.failure) +
                       ", recorded: " + (record.failure.empty() ? "held" : record.failure),
                   stepped.effects);
  if (digests_of(stepped.effects) != record.effects)
    return diverge(position, record, "its effects differ", stepped.effects);
  if (watcher_ != nullptr) watcher_->took(self, stepped.effects, record.effects);
  if (self.role == nullptr) return rebuild(self, position);
  if (!retires) return;
  if (only_) retired_ = std::move(self);
  roles_.erase(record.role);
}

void Replay::diverge(Position position, const Record& record, std::string what,
                     const std::vector<Effect>& effects) {
  Divergence found;
  found.position = position;
  found.role = record.role;
  found.sequence = record.sequence;
  found.what = std::move(what);
  const auto input = messages::decode_input(record.input);
  found.input = input ? text_of(input.value()) : "(not decodable)";
  for (const auto& effect : effects) found.replayed.push_back(text_of(effect));
  found.replayed_digests = digests_of(effects);
  found.recorded_digests = record.effects;
  divergence_ = std::move(found);
}

void Replay::rebuild(ActiveRole& broken, Position position) {
  auto rebuilt = rebuild_role(catalogue_, recording_, snapshots_, broken.id, position);
  messages::ensure(static_cast<bool>(rebuilt), "what was replayed once replays again");
  const auto sequence = broken.sequence;
  broken = std::move(rebuilt).value();
  broken.sequence = sequence;
}

Result<ActiveRole> rebuild_role(const Catalogue& catalogue, const Recording& recording,
                                const std::vector<Snapshot>& snapshots, RoleId role,
                                Position before) {
  ActiveRole self{role, nullptr, {}};
  Position from{};
  for (const auto& snapshot : snapshots) {
    if (snapshot.role != role || snapshot.position >= before) continue;
    auto active = restored(catalogue, snapshot);
    if (!active) return active;
    self = std::move(active).value();
    from = snapshot.position;
  }
  if (self.role == nullptr) self.role = catalogue.make(role);
  std::string wrong;
  const auto scanned =
      recording.scan(block_of(recording, {from.value + 1}), [&](const Block& block) {
        const auto decoded = block.for_each([&](Position position, const Record& record) {
          if (position >= before) return false;
          if (record.role != role || position <= from) return true;
          self.sequence = record.sequence;
          if (!record.failure.empty()) return true;  // dropped then, dropped now
          auto input = input_of(record);
          if (input)
            step_role(catalogue, self, std::move(input).value(), record.input);
          else
            wrong = input.reason();
          return wrong.empty() && self.role != nullptr;
        });
        if (!decoded) wrong = decoded.reason();
        return decoded && decoded.value();
      });
  if (!scanned) return Refusal{scanned.reason()};
  if (!wrong.empty()) return Refusal{wrong};
  if (self.role == nullptr) return Refusal{name_of(role) + " breaks where it held before"};
  return self;
}

std::vector<std::string> consequences(const Recording& recording, Position after, RoleId role,
                                      RoleSequence sequence) {
  std::vector<std::string> found;
  const auto visit = [&](Position, const Record& record) {
    const auto input = messages::decode_input(record.input);
    if (input && input.value().cause.who.role == role && input.value().cause.sequence == sequence)
      found.push_back(name_of(record.role) + " <- " + text_of(input.value()));
    return true;
  };
  const auto scanned = recording.scan(block_of(recording, after), [&](const Block& block) {
    return static_cast<bool>(block.for_each(visit));
  });
  if (!scanned) found.push_back("(" + scanned.reason() + ")");
  return found;
}

}  // namespace queenright::persistence
