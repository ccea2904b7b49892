#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/journal.hpp"

namespace queenright::persistence {

/// Port: the file with the slots. All throw JournalFailed.
class SlotFile {
 public:
  virtual ~SlotFile() = default;
  virtual std::string read(std::uint64_t offset, std::size_t size) = 0;  ///< shorter at the end
  virtual void write(std::uint64_t offset, std::string_view bytes) = 0;
  virtual void sync() = 0;
};

/// Made when it is missing.
messages::Result<std::unique_ptr<SlotFile>> open_slot_file(const std::filesystem::path& path);
/// Of a file that is there, for looking only: write() and sync() fail.
messages::Result<std::unique_ptr<SlotFile>> read_slot_file(const std::filesystem::path& path);

/// The last two blocks, kept a second time, in turn. A write-ahead log that loses its tail does
/// so silently; the slots tell, and give the block back.
class TailSlots {
 public:
  /// Of each slot. Callers split their blocks at 1 MiB; a single record may be larger.
  static constexpr std::size_t capacity = std::size_t{16} << 20U;

  explicit TailSlots(std::unique_ptr<SlotFile> file) : file_(std::move(file)) {}

  /// Durable when it returns. Throws JournalFailed, also for a block beyond `capacity`.
  void keep(const std::string& sealed);

  struct Found {
    std::vector<std::string> blocks;  ///< which continue the tail
    std::string lost_promises;        ///< "" or what is missing between the tail and the slots
  };
  Found beyond(const Tail& tail) const;

  void clear();

 private:
  std::unique_ptr<SlotFile> file_;
};

/// The name of the metadata that says, after lost promises, which; until the node has come to
/// terms with them (R14) and puts an empty value there.
inline constexpr auto lost_promises_name = "lost promises";

/// A journal beside which the tail slots are kept. append() returns when both are durable.
class SlottedJournal final : public Journal {
 public:
  /// Takes back what the slots hold beyond the journal's tail, or records what was lost.
  /// Throws JournalFailed.
  SlottedJournal(std::unique_ptr<Journal> journal, TailSlots slots);

  Tail tail() const override { return journal_->tail(); }
  BlockNumber first() const override { return journal_->first(); }
  messages::Result<bool> scan(BlockNumber from,
                              const std::function<bool(const Block&)>& visit) const override {
    return journal_->scan(from, visit);
  }
  messages::Result<std::vector<Snapshot>> newest_snapshots() const override {
    return journal_->newest_snapshots();
  }
  messages::Result<std::vector<Snapshot>> base_snapshots() const override {
    return journal_->base_snapshots();
  }
  std::optional<std::string> metadata(const std::string& name) const override {
    return journal_->metadata(name);
  }

  void append(std::span<const std::string> blocks, std::span<const Snapshot> snapshots,
              std::span<const messages::RoleId> retired) override;
  void drop_before(BlockNumber keep) override { journal_->drop_before(keep); }
  void put_metadata(const std::string& name, const std::string& value) override {
    journal_->put_metadata(name, value);
  }

 private:
  std::unique_ptr<Journal> journal_;
  TailSlots slots_;
};

}  // namespace queenright::persistence
