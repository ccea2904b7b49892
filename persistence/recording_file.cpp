#include "persistence/recording_file.hpp"

#include <array>

#include "messages/reader.hpp"
#include "messages/writer.hpp"
#include "persistence/chain.hpp"
#include "persistence/durable_file.hpp"
#include "persistence/little_endian.hpp"

namespace queenright::persistence {
namespace {

namespace fs = std::filesystem;
using messages::Refusal;
using messages::Result;

// The file: magic, format and length of the header, the header, a checksum over all of these;
// then blocks in a chain of their own, of which an empty one is the last.
constexpr std::string_view magic = "QRSLICE1";
constexpr std::uint32_t known_format = 1;
constexpr std::size_t preamble = 16;
constexpr std::size_t checksum_size = sizeof(std::uint64_t);
constexpr std::size_t block_goal = std::size_t{256} << 10U;  // bytes

std::string checksum_of(std::string_view bytes) {
  std::string checksum(checksum_size, '\0');
  store_little(checksum.data(), messages::digest_of(bytes).value);
  return checksum;
}

std::uint64_t left(std::ifstream& file, std::uint64_t size) {
  return size - static_cast<std::uint64_t>(file.tellg());
}

/// As much of `size` bytes as there is.
std::string take(std::ifstream& file, std::uint64_t size) {
  std::string bytes(size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

/// The bytes of the next block, of which `available` are there at most.
std::string take_block(std::ifstream& file, std::uint64_t available) {
  std::string bytes = take(file, std::min<std::uint64_t>(available, BlockHeader::size));
  const auto header = read_block_header(bytes);
  if (!header) return bytes;  // Chain says what is wrong with it
  const std::uint64_t body = std::min(header.value().body_size, available - bytes.size());
  const std::uint64_t rest = std::min(body + checksum_size, available - bytes.size());
  return bytes += take(file, rest);
}

struct OpenFile {
  std::ifstream stream;
  std::uint64_t size{};
};

Result<OpenFile> open_file(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return Refusal{"there is no " + path.string()};
  if (!fs::is_regular_file(path, error)) return Refusal{path.string() + " is not a file"};
  OpenFile file{std::ifstream(path, std::ios::binary), fs::file_size(path, error)};
  if (error || !file.stream) return system_refusal(path, "can't be read");
  return file;
}

/// Leaves the file at the first block.
Result<SliceHeader> take_header(OpenFile& file, const fs::path& path) {
  std::string bytes = take(file.stream, std::min<std::uint64_t>(file.size, preamble));
  if (bytes.size() < preamble || !bytes.starts_with(magic))
    return Refusal{"not a recording: " + path.string()};
  const auto format = load_little<std::uint32_t>(std::string_view(bytes).substr(8));
  if (format > known_format)
    return Refusal{path.string() + " is a slice of format " + std::to_string(format) +
                   "; this program knows " + std::to_string(known_format)};
  const auto length = load_little<std::uint32_t>(std::string_view(bytes).substr(12));
  if (left(file.stream, file.size) < length + checksum_size)
    return Refusal{path.string() + ": cut short within its header"};
  bytes += take(file.stream, length);
  if (take(file.stream, checksum_size) != checksum_of(bytes))
    return Refusal{path.string() + ": checksum of its header differs"};
  return messages::decode<SliceHeader>(std::string_view(bytes).substr(preamble));
}

}  // namespace

Result<SliceHeader> read_slice_header(const fs::path& path) {
  auto file = open_file(path);
  if (!file) return Refusal{file.reason()};
  OpenFile opened = std::move(file).value();
  return take_header(opened, path);
}

Result<std::unique_ptr<SliceWriter>> SliceWriter::create(const fs::path& path,
                                                         const SliceHeader& header) {
  std::unique_ptr<SliceWriter> writer(new SliceWriter(path));
  if (!writer->file_) return system_refusal(writer->draft_, "can't be made");
  std::string bytes(preamble, '\0');
  messages::Writer(bytes).message(header);
  magic.copy(bytes.data(), magic.size());
  store_little(bytes.data() + 8, known_format);
  store_little(bytes.data() + 12, static_cast<std::uint32_t>(bytes.size() - preamble));
  writer->file_ << bytes << checksum_of(bytes);
  return writer;
}

SliceWriter::SliceWriter(fs::path path)
    : path_(std::move(path)),
      draft_(path_.string() + ".new"),
      file_(draft_, std::ios::binary | std::ios::trunc) {}

SliceWriter::~SliceWriter() {
  std::error_code error;
  fs::remove(draft_, error);
}

void SliceWriter::append(const Record& record) {
  builder_.append(record);
  if (builder_.size() >= block_goal) write_block();
}

void SliceWriter::write_block() { file_ << builder_.seal(tail_, {}); }

std::optional<Refusal> SliceWriter::finish() {
  if (!builder_.empty()) write_block();
  write_block();  // the empty one
  file_.close();
  if (!file_) return system_refusal(draft_, "can't be written");
  if (auto refusal = sync_file(draft_)) return refusal;
  std::error_code error;
  fs::rename(draft_, path_, error);
  if (error) return Refusal{path_.string() + ": " + error.message()};
  return sync_directory(path_.has_parent_path() ? path_.parent_path() : ".");
}

Result<std::unique_ptr<Slice>> Slice::open(const fs::path& path) {
  auto opened = open_file(path);
  if (!opened) return Refusal{opened.reason()};
  OpenFile file = std::move(opened).value();
  auto header = take_header(file, path);
  if (!header) return Refusal{header.reason()};
  std::unique_ptr<Slice> slice(new Slice(path, std::move(header).value()));
  slice->blocks_at_ = static_cast<std::uint64_t>(file.stream.tellg());
  Chain chain(Tail{});
  for (;;) {
    const std::string bytes = take_block(file.stream, left(file.stream, file.size));
    if (bytes.empty())
      return Refusal{path.string() + ": cut short after " + name_of(chain.tail().last)};
    const auto block = chain.next(bytes);
    if (!block) return Refusal{path.string() + ": " + block.reason()};
    if (block.value().header().count == 0) break;
    slice->tail_ = chain.tail();
  }
  const std::uint64_t behind = left(file.stream, file.size);
  if (behind == 0) return slice;
  return Refusal{path.string() + ": " + std::to_string(behind) + " bytes after its end"};
}

Result<bool> Slice::scan(BlockNumber from, const std::function<bool(const Block&)>& visit) const {
  auto opened = open_file(path_);
  if (!opened) return Refusal{opened.reason()};
  OpenFile file = std::move(opened).value();
  file.stream.seekg(static_cast<std::streamoff>(blocks_at_));
  for (Chain chain(Tail{}); chain.expected() <= tail_.last;) {
    const std::string bytes = take_block(file.stream, left(file.stream, file.size));
    const auto block = chain.next(bytes);
    if (!block) return Refusal{path_.string() + ": " + block.reason()};
    if (block.value().header().number >= from && !visit(block.value())) return false;
  }
  return true;
}

Result<std::vector<Snapshot>> Slice::newest_snapshots() const { return base_snapshots(); }

Result<std::vector<Snapshot>> Slice::base_snapshots() const {
  std::vector<Snapshot> all;
  if (header_.start) all.push_back(*header_.start);
  return all;
}

std::optional<std::string> Slice::metadata(const std::string& wanted) const {
  const auto found = header_.metadata.find(wanted);
  if (found == header_.metadata.end()) return std::nullopt;
  return found->second;
}

Result<OpenedRecording> open_recording(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return open_journal_read_only(path);
  auto slice = Slice::open(path);
  if (!slice) return Refusal{slice.reason()};
  return OpenedRecording{std::move(slice).value(), {}};
}

}  // namespace queenright::persistence
