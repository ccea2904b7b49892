#include "persistence/rocksdb_journal.hpp"

#include <rocksdb/convenience.h>

#include <map>

#include "messages/ensure.hpp"
#include "persistence/chain.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/log_survey.hpp"
#include "persistence/rocksdb_database.hpp"
#include "persistence/tail_slots.hpp"

namespace queenright::persistence {
namespace {

namespace fs = std::filesystem;
using messages::Refusal;
using messages::Result;

constexpr char callers_prefix = '=';           // of their names in the metadata family
constexpr std::uint64_t checked_at_open = 16;  // blocks
constexpr int attempts_to_read = 100;

std::string key_of(messages::RoleId role) {
  return static_cast<char>(role.kind) + key_of(BlockNumber{role.number});
}
std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

class RocksdbJournal final : public Journal {
 public:
  explicit RocksdbJournal(RocksdbDatabase database) : database_(std::move(database)) {}

  /// Keeps other writers out for as long as this lives.
  void hold(JournalDirectory directory) { directory_.emplace(std::move(directory)); }

  /// Reads where the journal stands. Gives what is damaged.
  std::optional<Refusal> load();

  Tail tail() const override;
  BlockNumber first() const override;
  Result<bool> scan(BlockNumber from,
                    const std::function<bool(const Block&)>& visit) const override;
  Result<std::vector<Snapshot>> newest_snapshots() const override {
    return snapshots(Family::newest_snapshots);
  }
  Result<std::vector<Snapshot>> base_snapshots() const override {
    return snapshots(Family::base_snapshots);
  }
  std::optional<std::string> metadata(const std::string& name) const override;

  void append(std::span<const std::string> blocks, std::span<const Snapshot> snapshots,
              std::span<const messages::RoleId> retired) override;
  void drop_before(BlockNumber keep) override;
  void put_metadata(const std::string& name, const std::string& value) override;

 private:
  std::optional<Refusal> load_tail();
  std::optional<Refusal> check_snapshots() const;
  Result<std::vector<Snapshot>> snapshots(Family family) const;
  void require_sound() const;
  void write(rocksdb::WriteBatch& batch);

  std::optional<JournalDirectory> directory_;  // goes after the database
  RocksdbDatabase database_;
  std::map<std::string, std::string> metadata_;
  BlockNumber first_{1};
  Tail tail_;
  std::string failure_;  // what made every further call fail
};

std::optional<Refusal> RocksdbJournal::load() {
  const auto facts = database_.iterate(Family::metadata);
  for (facts->SeekToFirst(); facts->Valid(); facts->Next())
    metadata_[facts->key().ToString()] = facts->value().ToString();
  if (!facts->status().ok()) return Refusal{"metadata: " + facts->status().ToString()};
  first_ = database_.first_kept();
  if (auto refusal = load_tail()) return refusal;
  const BlockNumber near_end{tail_.last.value - std::min(tail_.last.value, checked_at_open) + 1};
  const auto sound = scan(near_end, [](const Block&) { return true; });
  if (!sound) return Refusal{sound.reason()};
  return check_snapshots();
}

std::optional<Refusal> RocksdbJournal::load_tail() {
  const auto blocks = database_.iterate(Family::blocks);
  blocks->SeekToLast();
  if (!blocks->status().ok())
    return Refusal{"the last block can't be read: " + blocks->status().ToString()};
  if (!blocks->Valid()) {
    if (first_.value == 1) return std::nullopt;
    return Refusal{name_of(first_) + " and all after it are missing"};
  }
  const auto block = open_block(view(blocks->value()));
  if (!block) return Refusal{"the last block: " + block.reason()};
  tail_ = block.value().tail();
  return std::nullopt;
}

std::optional<Refusal> RocksdbJournal::check_snapshots() const {
  const auto newest = newest_snapshots();
  if (!newest) return Refusal{newest.reason()};
  for (const Snapshot& snapshot : newest.value())
    if (snapshot.position > tail_.last_position)
      return Refusal{"ends at position " + std::to_string(tail_.last_position.value) +
                     ", but the snapshot of " + messages::name_of(snapshot.role) +
                     " was taken at " + std::to_string(snapshot.position.value) +
                     ": blocks are missing"};
  return std::nullopt;
}

Tail RocksdbJournal::tail() const {
  require_sound();
  return tail_;
}

BlockNumber RocksdbJournal::first() const {
  require_sound();
  return first_;
}

Result<bool> RocksdbJournal::scan(BlockNumber from,
                                  const std::function<bool(const Block&)>& visit) const {
  require_sound();
  Chain chain(std::max(from, first_));
  const auto blocks = database_.iterate(Family::blocks);
  for (blocks->Seek(key_of(chain.expected())); blocks->Valid() && chain.expected() <= tail_.last;
       blocks->Next()) {
    const auto block = chain.next(view(blocks->value()));
    if (!block) return Refusal{block.reason()};
    if (!visit(block.value())) return false;
  }
  if (!blocks->status().ok())
    return Refusal{name_of(chain.expected()) + " can't be read: " + blocks->status().ToString()};
  if (chain.expected() <= tail_.last) return Refusal{name_of(chain.expected()) + " is missing"};
  return true;
}

Result<std::vector<Snapshot>> RocksdbJournal::snapshots(Family family) const {
  require_sound();
  std::vector<Snapshot> all;
  const auto stored = database_.iterate(family);
  for (stored->SeekToFirst(); stored->Valid(); stored->Next()) {
    auto snapshot = open_snapshot(view(stored->value()));
    if (!snapshot) return Refusal{"a snapshot: " + snapshot.reason()};
    all.push_back(std::move(snapshot).value());
  }
  if (!stored->status().ok())
    return Refusal{"snapshots can't be read: " + stored->status().ToString()};
  return all;
}

std::optional<std::string> RocksdbJournal::metadata(const std::string& name) const {
  require_sound();
  const auto found = metadata_.find(callers_prefix + name);
  if (found == metadata_.end()) return std::nullopt;
  return found->second;
}

void RocksdbJournal::append(std::span<const std::string> blocks,
                            std::span<const Snapshot> snapshots,
                            std::span<const messages::RoleId> retired) {
  const Tail tail = tail_after(tail_, blocks, snapshots);
  std::size_t size = 0;
  for (const std::string& block : blocks) size += block.size() + 64;
  rocksdb::WriteBatch batch(size);
  for (const Snapshot& snapshot : snapshots)
    batch.Put(database_.family(Family::newest_snapshots), key_of(snapshot.role),
              seal_snapshot(snapshot));
  for (const messages::RoleId role : retired)
    batch.Delete(database_.family(Family::newest_snapshots), key_of(role));
  BlockNumber number = tail_.last;
  for (const std::string& block : blocks) {
    ++number.value;
    batch.Put(database_.family(Family::blocks), key_of(number), block);
  }
  write(batch);
  tail_ = tail;
}

void RocksdbJournal::drop_before(BlockNumber keep) {
  messages::ensure(keep <= tail_.last, "the last block is kept");
  if (keep <= first_) return;
  const auto base = base_snapshots();
  const auto newest = newest_snapshots();
  if (!base || !newest) throw JournalFailed(base ? newest.reason() : base.reason());
  rocksdb::WriteBatch batch;
  for (const Snapshot& snapshot : base.value())
    batch.Delete(database_.family(Family::base_snapshots), key_of(snapshot.role));
  for (const Snapshot& snapshot : newest.value())
    batch.Put(database_.family(Family::base_snapshots), key_of(snapshot.role),
              seal_snapshot(snapshot));
  batch.Put(database_.family(Family::metadata), RocksdbDatabase::first_kept_name,
            std::to_string(keep.value));
  batch.DeleteRange(database_.family(Family::blocks), key_of(first_), key_of(keep));
  write(batch);
  first_ = keep;
  // Gives back whole files at once; where that fails, compaction does it later.
  const std::string end_key = key_of(keep);
  const rocksdb::Slice end(end_key);
  rocksdb::DeleteFilesInRange(&database_.db(), database_.family(Family::blocks), nullptr, &end,
                              false)
      .PermitUncheckedError();
}

void RocksdbJournal::put_metadata(const std::string& name, const std::string& value) {
  rocksdb::WriteBatch batch;
  batch.Put(database_.family(Family::metadata), callers_prefix + name, value);
  write(batch);
  metadata_[callers_prefix + name] = value;
}

void RocksdbJournal::require_sound() const {
  if (!failure_.empty()) throw JournalFailed(failure_);
}

void RocksdbJournal::write(rocksdb::WriteBatch& batch) {
  require_sound();
  rocksdb::WriteOptions options;
  options.sync = true;
  const auto status = database_.db().Write(options, &batch);
  if (!status.ok()) failure_ = "the journal can't be written: " + status.ToString();
  require_sound();
}

struct LogVerdict {
  std::string damage;
  std::string torn_tail;
};

/// Whether what RocksDB is going to drop was ever promised. It must be asked before RocksDB
/// opens for writing, since that forgets what it dropped.
LogVerdict judge_log(const fs::path& database) {
  const auto survey = survey_logs(database);
  const auto manifest = survey_manifest(database);
  if (!survey || !manifest) return LogVerdict{(survey ? manifest : survey).reason(), {}};
  for (const LogWound& wound : manifest.value().wounds)
    if (wound.followed || !wound.torn)
      return LogVerdict{wound.file + " is damaged from byte " + std::to_string(wound.offset) +
                            " on (a flipped bit?)",
                        {}};
  if (survey.value().wounds.empty()) return LogVerdict{};
  auto opened = RocksdbDatabase::open_read_only(database);
  if (!opened) return LogVerdict{opened.reason(), {}};
  const std::uint64_t recovered = opened.value().db().GetLatestSequenceNumber();
  RocksdbJournal journal(std::move(opened).value());
  if (const auto refusal = journal.load()) return LogVerdict{refusal->reason, {}};
  const bool more_follows = survey.value().last_sequence > recovered;
  const LogWound& wound =
      more_follows ? survey.value().wounds.front() : survey.value().wounds.back();
  const std::string last = name_of(journal.tail().last);
  const std::string where = wound.file + " from byte " + std::to_string(wound.offset) + " on";
  if (more_follows)
    return LogVerdict{"after " + last + ": " + where +
                          " can't be read, and sound records follow: this is not a torn tail",
                      {}};
  if (wound.followed) return LogVerdict{};  // RocksDB had dealt with it before it went on
  if (!wound.torn)
    return LogVerdict{
        "after " + last + ": " + where + " is whole, but its checksum differs (a flipped bit?)",
        {}};
  return LogVerdict{{},
                    "torn tail: " + std::to_string(wound.bytes) + " bytes after " + last +
                        ", never acknowledged"};
}

Refusal damaged(const fs::path& directory, const std::string& what) {
  return Refusal{directory.string() + " is a damaged journal: " + what};
}

Result<std::unique_ptr<RocksdbJournal>> loaded(const fs::path& directory,
                                               Result<RocksdbDatabase> database) {
  if (!database)
    return Refusal{directory.string() + ": its database can't be opened: " + database.reason()};
  auto journal = std::make_unique<RocksdbJournal>(std::move(database).value());
  if (const auto refusal = journal->load()) return damaged(directory, refusal->reason);
  return journal;
}

Result<OpenedJournal> with_tail_slots(OpenedJournal opened, const fs::path& path) {
  auto file = open_slot_file(path);
  if (!file) return Refusal{file.reason()};
  try {
    opened.journal = std::make_unique<SlottedJournal>(std::move(opened.journal),
                                                      TailSlots(std::move(file).value()));
    opened.report.lost_promises = opened.journal->metadata(lost_promises_name).value_or("");
  } catch (const JournalFailed& failed) {
    return Refusal{failed.what()};
  }
  return opened;
}

/// As its files are now, while perhaps somebody writes.
Result<OpenedRecording> as_it_is(const fs::path& path, const JournalDirectory& directory) {
  LogVerdict verdict;
  const bool writing = directory.has_writer();
  if (!writing) {  // else the end of the log is about to change
    verdict = judge_log(directory.database());
    if (!verdict.damage.empty()) return damaged(path, verdict.damage);
  }
  auto journal = loaded(path, RocksdbDatabase::open_read_only(directory.database()));
  if (!journal) return Refusal{journal.reason()};
  OpenedRecording opened{std::move(journal).value(), {verdict.torn_tail, {}}};
  opened.report.lost_promises = opened.recording->metadata(lost_promises_name).value_or("");
  std::error_code error;
  const bool has_slots = fs::exists(directory.tail_slots(), error);
  if (has_slots && !writing && opened.report.lost_promises.empty()) {
    auto file = read_slot_file(directory.tail_slots());
    if (!file) return Refusal{file.reason()};
    opened.report.lost_promises =
        TailSlots(std::move(file).value()).beyond(opened.recording->tail()).lost_promises;
  }
  return opened;
}

}  // namespace

Result<OpenedJournal> open_journal(const fs::path& path, const JournalOptions& options) {
  auto taken = JournalDirectory::take(path);
  if (!taken) return Refusal{taken.reason()};
  JournalDirectory directory = std::move(taken).value();
  LogVerdict verdict;
  const bool is_new = !directory.is_marked();
  if (!is_new) {
    verdict = judge_log(directory.database());
    if (!verdict.damage.empty()) return damaged(path, verdict.damage);
  }
  auto journal = loaded(path, RocksdbDatabase::open(directory.database(), is_new));
  if (!journal) return Refusal{journal.reason()};
  if (auto refusal = directory.mark()) return std::move(*refusal);
  const fs::path slots = directory.tail_slots();
  auto sound = std::move(journal).value();
  sound->hold(std::move(directory));
  OpenedJournal opened{std::move(sound), {verdict.torn_tail, {}}};
  std::error_code error;
  if (options.tail_slots || fs::exists(slots, error))
    return with_tail_slots(std::move(opened), slots);
  return opened;
}

Result<OpenedRecording> open_journal_read_only(const fs::path& path) {
  const auto directory = JournalDirectory::look(path);
  if (!directory) return Refusal{directory.reason()};
  const auto database = directory.value().database();
  for (int attempt = 0; attempt < attempts_to_read; ++attempt) {
    const auto generation = generation_of(database);
    auto opened = as_it_is(path, directory.value());
    if (generation_of(database) == generation) return opened;
  }
  return Refusal{path.string() + " changes faster than it can be read; try again"};
}

}  // namespace queenright::persistence
