#include "persistence/log_survey.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

#include "persistence/crc32c.hpp"
#include "persistence/little_endian.hpp"

namespace queenright::persistence {
namespace {

// RocksDB's log format: pages of 32 KiB hold pieces {crc, length, type, payload}; a record is
// one full piece, or a first one, middle ones and a last one. It starts with its sequence number
// and how many it takes.
constexpr std::size_t page_size = 32768;
constexpr std::size_t piece_header = 7;
constexpr std::size_t record_header = 12;
constexpr std::size_t sector = 512;
enum class Type : std::uint8_t { zero, full, first, middle, last };

struct Piece {
  Type type;
  std::string_view payload;
};

bool starts_record(Type type) { return type == Type::full || type == Type::first; }

class FileSurvey {
 public:
  FileSurvey(std::string name, std::string_view bytes, LogSurvey& survey)
      : name_(std::move(name)), bytes_(bytes), survey_(survey) {}

  void run() {
    while (at_ < bytes_.size() && !only_zeros(bytes_.substr(at_))) {
      if (page_room(at_) < piece_header) {
        at_ += page_room(at_);
      } else if (const auto piece = piece_at(at_, declared_length(at_))) {
        accept(*piece);
        at_ += piece_header + piece->payload.size();
      } else {
        cut_ = cut_ || is_cut(at_);
        injure(record_start_.value_or(at_));
        at_ = next_record(at_ + 1);
      }
    }
    if (record_start_) {  // its last piece never came
      cut_ = true;
      injure(*record_start_);
    }
    close_wound(bytes_.size());
  }

 private:
  static bool only_zeros(std::string_view bytes) {
    return bytes.find_first_not_of('\0') == std::string_view::npos;
  }
  static std::size_t page_room(std::size_t at) { return page_size - at % page_size; }

  /// Nothing where not even a piece's header fits.
  std::optional<std::size_t> declared_length(std::size_t at) const {
    if (at + piece_header > bytes_.size()) return std::nullopt;
    return load_little<std::uint16_t>(bytes_.substr(at + 4));
  }

  /// The piece at `at`, if it is of this length and its checksum says so.
  std::optional<Piece> piece_at(std::size_t at, std::optional<std::size_t> length) const {
    if (!length || piece_header + *length > page_room(at) ||
        at + piece_header + *length > bytes_.size())
      return std::nullopt;
    const std::uint32_t crc = crc32c(bytes_.substr(at + 6, 1 + *length));
    const std::uint32_t masked = ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
    if (masked != load_little<std::uint32_t>(bytes_.substr(at))) return std::nullopt;
    return Piece{static_cast<Type>(bytes_[at + 6]), bytes_.substr(at + piece_header, *length)};
  }

  /// Whether a piece goes beyond the end of the file, and not because its length was altered.
  bool is_cut(std::size_t at) const {
    const auto length = declared_length(at);
    if (!length) return true;
    const bool beyond =
        at + piece_header + *length > bytes_.size() && piece_header + *length <= page_room(at);
    return beyond && !piece_at(at, bytes_.size() - at - piece_header);
  }

  /// Where the next record starts in this page, else the next page.
  std::size_t next_record(std::size_t from) const {
    const std::size_t page_end = from - 1 + page_room(from - 1);
    for (std::size_t at = from; at + piece_header <= std::min(page_end, bytes_.size()); ++at)
      if (starts_record(static_cast<Type>(bytes_[at + 6])) && piece_at(at, declared_length(at)))
        return at;
    return std::min(page_end, bytes_.size());
  }

  void accept(const Piece& piece) {
    if (starts_record(piece.type)) {
      if (record_start_) injure(*record_start_);
      close_wound(at_);
      for (LogWound& wound : survey_.wounds) wound.followed = true;
      record_start_ = at_;
      head_.clear();
    } else if (!record_start_) {
      if (piece.type == Type::middle || piece.type == Type::last) injure(at_);
      return;
    }
    head_ += piece.payload.substr(0, record_header - head_.size());
    if (piece.type == Type::full || piece.type == Type::last) finish_record();
  }

  void finish_record() {
    record_start_.reset();
    if (head_.size() < record_header) return;
    const auto sequence = load_little<std::uint64_t>(head_);
    const auto count = load_little<std::uint32_t>(std::string_view(head_).substr(8));
    if (count > 0) survey_.last_sequence = std::max(survey_.last_sequence, sequence + count - 1);
  }

  void injure(std::size_t at) {
    if (!wound_start_) wound_start_ = at;
    record_start_.reset();
  }

  void close_wound(std::size_t end) {
    if (!wound_start_) return;
    const bool torn = cut_ || has_hole(*wound_start_, end);
    survey_.wounds.push_back({name_, *wound_start_, end - *wound_start_, torn, false});
    wound_start_.reset();
    cut_ = false;
  }

  /// A sector that was never written. A record ends in a checksum, so even a part of one tells.
  bool has_hole(std::size_t from, std::size_t end) const {
    for (std::size_t at = (from + sector - 1) / sector * sector; at < end; at += sector)
      if (only_zeros(bytes_.substr(at, std::min(sector, end - at)))) return true;
    return false;
  }

  std::string name_;
  std::string_view bytes_;
  LogSurvey& survey_;
  std::size_t at_ = 0;
  std::optional<std::size_t> record_start_;  ///< of a sound record whose last piece is to come
  std::string head_;                         ///< its first bytes
  std::optional<std::size_t> wound_start_;
  bool cut_ = false;
};

std::uint64_t number_of(const std::filesystem::path& log) {
  return std::strtoull(log.filename().c_str(), nullptr, 10);
}

messages::Result<LogSurvey> survey_files(const std::vector<std::filesystem::path>& paths) {
  LogSurvey survey;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (file.bad() || !file.is_open()) return messages::Refusal{path.string() + ": can't be read"};
    FileSurvey(path.filename().string(), bytes, survey).run();
  }
  return survey;
}

}  // namespace

messages::Result<LogSurvey> survey_logs(const std::filesystem::path& database) {
  std::vector<std::filesystem::path> logs;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(database, error))
    if (entry.path().extension() == ".log") logs.push_back(entry.path());
  if (error) return messages::Refusal{database.string() + ": " + error.message()};
  std::sort(logs.begin(), logs.end(),
            [](const auto& one, const auto& other) { return number_of(one) < number_of(other); });
  return survey_files(logs);
}

messages::Result<LogSurvey> survey_manifest(const std::filesystem::path& database) {
  std::ifstream current(database / "CURRENT");
  std::string name;
  if (!std::getline(current, name) || !name.starts_with("MANIFEST-"))
    return messages::Refusal{(database / "CURRENT").string() + ": can't be read"};
  return survey_files({database / name});
}

}  // namespace queenright::persistence
