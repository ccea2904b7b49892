#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "persistence/journal.hpp"
#include "persistence/rocksdb_journal.hpp"

/// A slice: what one role of one node was told, in one file that can be replayed anywhere.
namespace queenright::persistence {

struct SliceHeader {
  static constexpr auto name = "SliceHeader";
  messages::NodeId node;
  messages::RoleId role;
  std::map<std::string, std::string> metadata;  ///< of the journal it was cut from
  std::optional<Snapshot> start;                ///< nothing: the slice has the role's first input

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "role", self.role);
    visit(3, "metadata", self.metadata);
    visit(4, "start", self.start);
  }
};

/// Refused: not a slice, of a newer format, or its header is damaged.
messages::Result<SliceHeader> read_slice_header(const std::filesystem::path& path);

class SliceWriter {
 public:
  /// Writes to "PATH.new" until it is finished. Refused: the file can't be made.
  static messages::Result<std::unique_ptr<SliceWriter>> create(const std::filesystem::path& path,
                                                               const SliceHeader& header);
  /// Unfinished: takes "PATH.new" away again.
  ~SliceWriter();

  void append(const Record& record);
  /// Closes the slice and puts it in place, durably. Gives what went wrong since its creation.
  std::optional<messages::Refusal> finish();

 private:
  explicit SliceWriter(std::filesystem::path path);
  void write_block();

  std::filesystem::path path_, draft_;
  std::ofstream file_;
  BlockBuilder builder_;
  Tail tail_;
};

/// A slice, opened: every block of it has been checked once.
class Slice final : public Recording {
 public:
  /// Refused: not a slice, a newer format, cut short, damaged. Foreign bytes are bounded by the
  /// size of the file.
  static messages::Result<std::unique_ptr<Slice>> open(const std::filesystem::path& path);

  const SliceHeader& header() const { return header_; }

  Tail tail() const override { return tail_; }
  BlockNumber first() const override { return {1}; }
  messages::Result<bool> scan(BlockNumber from,
                              const std::function<bool(const Block&)>& visit) const override;
  messages::Result<std::vector<Snapshot>> newest_snapshots() const override;
  messages::Result<std::vector<Snapshot>> base_snapshots() const override;
  std::optional<std::string> metadata(const std::string& name) const override;

 private:
  Slice(std::filesystem::path path, SliceHeader header)
      : path_(std::move(path)), header_(std::move(header)) {}

  std::filesystem::path path_;
  SliceHeader header_;
  std::uint64_t blocks_at_{};  ///< bytes from the start of the file
  Tail tail_;
};

/// What replay takes: the directory of a journal, or a slice.
messages::Result<OpenedRecording> open_recording(const std::filesystem::path& path);

}  // namespace queenright::persistence
