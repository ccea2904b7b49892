#include "persistence/tail_slots.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "persistence/chain.hpp"
#include "persistence/durable_file.hpp"

namespace queenright::persistence {
namespace {

constexpr std::size_t slot_count = 2;

class PosixSlotFile final : public SlotFile {
 public:
  PosixSlotFile(std::filesystem::path path, int file) : path_(std::move(path)), file_(file) {}
  PosixSlotFile(const PosixSlotFile&) = delete;
  PosixSlotFile& operator=(const PosixSlotFile&) = delete;
  ~PosixSlotFile() override { ::close(file_); }

  std::string read(std::uint64_t offset, std::size_t size) override {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
      const auto count =
          ::pread(file_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
      if (count < 0) fail("can't be read");
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
  }
  void write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto count = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count <= 0) fail("can't be written");
      bytes.remove_prefix(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
  }
  void sync() override {
    if (::fdatasync(file_) != 0) fail("can't be synced");
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw JournalFailed(system_refusal(path_, what).reason);
  }

  std::filesystem::path path_;
  int file_;
};

}  // namespace

messages::Result<std::unique_ptr<SlotFile>> open_slot_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return system_refusal(path, "can't be opened");
  std::unique_ptr<SlotFile> opened = std::make_unique<PosixSlotFile>(path, file);
  if (auto refusal = sync_directory(path.parent_path())) return std::move(*refusal);
  return opened;
}

messages::Result<std::unique_ptr<SlotFile>> read_slot_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return system_refusal(path, "can't be opened");
  return std::unique_ptr<SlotFile>(std::make_unique<PosixSlotFile>(path, file));
}

void TailSlots::keep(const std::string& sealed) {
  const BlockNumber number = trusted_block(sealed).header().number;
  if (sealed.size() > capacity)
    throw JournalFailed(name_of(number) + " of " + std::to_string(sealed.size()) +
                        " bytes does not fit into its tail slot of " + std::to_string(capacity));
  file_->write(number.value % slot_count * capacity, sealed);
  file_->sync();
}

TailSlots::Found TailSlots::beyond(const Tail& tail) const {
  std::vector<std::string> slots;
  for (std::size_t i = 0; i < slot_count; ++i) {
    const auto header = read_block_header(file_->read(i * capacity, BlockHeader::size));
    if (!header || header.value().body_size > capacity) continue;
    std::string slot = file_->read(i * capacity, header.value().block_size());
    if (open_block(slot)) slots.push_back(std::move(slot));  // else torn: never acknowledged
  }
  std::sort(slots.begin(), slots.end(), [](const std::string& one, const std::string& other) {
    return trusted_block(one).header().number < trusted_block(other).header().number;
  });
  Found found;
  Chain chain(tail);
  for (std::string& slot : slots) {
    const Block block = trusted_block(slot);
    const BlockNumber number = block.header().number;
    if (number == tail.last && block.checksum() != tail.checksum)
      found.lost_promises = name_of(number) + " is not the one that had been written";
    if (number <= tail.last) continue;
    const auto next = chain.next(slot);
    if (next)
      found.blocks.push_back(std::move(slot));
    else
      found.lost_promises = "ends at " + name_of(chain.tail().last) + ", but " + name_of(number) +
                            " had been written: " + next.reason();
  }
  return found;
}

void TailSlots::clear() {
  for (std::size_t i = 0; i < slot_count; ++i)
    file_->write(i * capacity, std::string(BlockHeader::size, '\0'));
  file_->sync();
}

SlottedJournal::SlottedJournal(std::unique_ptr<Journal> journal, TailSlots slots)
    : journal_(std::move(journal)), slots_(std::move(slots)) {
  const auto found = slots_.beyond(journal_->tail());
  if (!found.blocks.empty()) journal_->append(found.blocks, {}, {});
  if (found.lost_promises.empty()) return;
  journal_->put_metadata(lost_promises_name, found.lost_promises);
  slots_.clear();  // only now: what was lost is on record
}

void SlottedJournal::append(std::span<const std::string> blocks,
                            std::span<const Snapshot> snapshots,
                            std::span<const messages::RoleId> retired) {
  tail_after(tail(), blocks, snapshots);
  // One block at a time: a slot is never more than one ahead of the log.
  for (; blocks.size() > 1; blocks = blocks.subspan(1)) {
    slots_.keep(blocks.front());
    journal_->append(blocks.first(1), {}, {});
  }
  if (!blocks.empty()) slots_.keep(blocks.front());
  journal_->append(blocks, snapshots, retired);
}

}  // namespace queenright::persistence
