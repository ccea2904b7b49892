#include "persistence/memory_journal.hpp"

#include "messages/ensure.hpp"
#include "persistence/chain.hpp"

namespace queenright::persistence {
namespace {

std::vector<Snapshot> values_of(const std::map<messages::RoleId, Snapshot>& snapshots) {
  std::vector<Snapshot> values;
  for (const auto& [role, snapshot] : snapshots) values.push_back(snapshot);
  return values;
}

}  // namespace

MemoryJournal::MemoryJournal(std::shared_ptr<MemoryDisk> disk) : disk_(std::move(disk)) {
  if (!disk_->blocks.empty()) tail_ = trusted_block(disk_->blocks.back()).tail();
}

void MemoryJournal::require_alive() const {
  if (crashed_) throw JournalFailed("the journal has crashed");
}

void MemoryJournal::write(const std::function<void()>& change) {
  require_alive();
  crashed_ = disk_->writes_left == 0U;
  if (disk_->writes_left && !crashed_) --*disk_->writes_left;
  if (!crashed_ || disk_->keeps_unsynced) change();
  require_alive();
}

Tail MemoryJournal::tail() const {
  require_alive();
  return tail_;
}

BlockNumber MemoryJournal::first() const {
  require_alive();
  return disk_->first;
}

messages::Result<bool> MemoryJournal::scan(BlockNumber from,
                                           const std::function<bool(const Block&)>& visit) const {
  require_alive();
  from = std::max(from, disk_->first);
  Chain chain(from);
  for (std::size_t i = from.value - disk_->first.value; i < disk_->blocks.size(); ++i) {
    const auto block = chain.next(disk_->blocks[i]);
    if (!block) return messages::Refusal{block.reason()};
    if (!visit(block.value())) return false;
  }
  return true;
}

messages::Result<std::vector<Snapshot>> MemoryJournal::newest_snapshots() const {
  require_alive();
  return values_of(disk_->newest);
}

messages::Result<std::vector<Snapshot>> MemoryJournal::base_snapshots() const {
  require_alive();
  return values_of(disk_->base);
}

std::optional<std::string> MemoryJournal::metadata(const std::string& name) const {
  require_alive();
  const auto found = disk_->metadata.find(name);
  if (found == disk_->metadata.end()) return std::nullopt;
  return found->second;
}

void MemoryJournal::append(std::span<const std::string> blocks, std::span<const Snapshot> snapshots,
                           std::span<const messages::RoleId> retired) {
  const Tail tail = tail_after(tail_, blocks, snapshots);
  write([&] {
    disk_->blocks.insert(disk_->blocks.end(), blocks.begin(), blocks.end());
    for (const Snapshot& snapshot : snapshots) disk_->newest[snapshot.role] = snapshot;
    for (const messages::RoleId role : retired) disk_->newest.erase(role);
  });
  tail_ = tail;
}

void MemoryJournal::drop_before(BlockNumber keep) {
  messages::ensure(keep <= tail_.last, "the last block is kept");
  write([&] {
    if (keep <= disk_->first) return;
    const auto dropped = static_cast<std::ptrdiff_t>(keep.value - disk_->first.value);
    disk_->blocks.erase(disk_->blocks.begin(), disk_->blocks.begin() + dropped);
    disk_->first = keep;
    disk_->base = disk_->newest;
  });
}

void MemoryJournal::put_metadata(const std::string& name, const std::string& value) {
  write([&] { disk_->metadata[name] = value; });
}

}  // namespace queenright::persistence
