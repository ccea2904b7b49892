#include "persistence/block.hpp"

#include <array>
#include <bit>
#include <optional>

#include "messages/ensure.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"
#include "persistence/little_endian.hpp"

namespace queenright::persistence {
namespace {

using messages::Digest;
using messages::Refusal;
using messages::Result;

constexpr std::string_view magic = "QRBLOCK1";
constexpr std::uint32_t known_format = 1;
constexpr std::size_t checked_header = BlockHeader::size - sizeof(std::uint64_t);
constexpr std::size_t max_size = 1U << 30U;
constexpr char records_tag = 1 << 3 | 2;  // field 1, length-delimited

std::size_t varint_size(std::uint64_t number) {
  return (static_cast<std::size_t>(std::bit_width(number | 1U)) + 6) / 7;
}

/// A few tags and numbers on their way into the buffer.
class Fields {
 public:
  void tag(unsigned number, unsigned wire_type) { varint(number << 3U | wire_type); }
  void varint(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7U) bytes_[size_++] = static_cast<char>(number | 0x80U);
    bytes_[size_++] = static_cast<char>(number);
  }
  void number(unsigned field, std::uint64_t value) {
    if (value == 0) return;
    tag(field, 0);
    varint(value);
  }
  /// Of a field whose bytes come next.
  void length(unsigned field, std::size_t length) {
    if (length == 0) return;
    tag(field, 2);
    varint(length);
  }
  void message(unsigned field, const Fields& body) {
    length(field, body.size());
    for (const char byte : body.view()) bytes_[size_++] = byte;
  }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 64> bytes_;
  std::size_t size_ = 0;
};

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return number;
  }
  return std::nullopt;
}

/// The bytes of the next record of a body.
std::optional<std::string_view> take_record(std::string_view& body) {
  if (body.front() != records_tag) return std::nullopt;
  body.remove_prefix(1);
  const auto length = take_varint(body);
  if (!length || *length > body.size()) return std::nullopt;
  const std::string_view record = body.substr(0, *length);
  body.remove_prefix(*length);
  return record;
}

Digest block_digest(std::string_view block, std::uint64_t body_size) {
  const std::uint64_t seed = load_little<std::uint64_t>(block.substr(checked_header));
  return messages::digest_of(block.substr(BlockHeader::size, body_size), seed);
}

}  // namespace

Result<BlockHeader> read_block_header(std::string_view bytes) {
  if (bytes.substr(0, magic.size()) != magic.substr(0, bytes.size())) return Refusal{"not a block"};
  if (bytes.size() < BlockHeader::size) return Refusal{"cut short within its header"};
  const auto format = load_little<std::uint32_t>(bytes.substr(8));
  if (format > known_format)
    return Refusal{"of format " + std::to_string(format) + "; this program knows " +
                   std::to_string(known_format)};
  const auto word = [&](std::size_t at) { return load_little<std::uint64_t>(bytes.substr(at)); };
  if (messages::digest_of(bytes.substr(0, checked_header)).value != word(checked_header))
    return Refusal{"checksum of its header differs"};
  return BlockHeader{{word(16)},
                     {word(24)},
                     load_little<std::uint32_t>(bytes.substr(12)),
                     {word(32)},
                     {static_cast<std::int64_t>(word(40))},
                     word(48),
                     word(56)};
}

Digest Block::checksum() const {
  return {load_little<std::uint64_t>(bytes_.substr(bytes_.size() - sizeof(std::uint64_t)))};
}

Tail Block::tail() const {
  return {header_.number, header_.last(), checksum(), header_.bytes_before + bytes_.size()};
}

Result<bool> Block::for_each(
    const std::function<bool(messages::Position, const Record&)>& visit) const {
  std::string_view body = bytes_.substr(BlockHeader::size, header_.body_size);
  HelloRestorer hellos;
  StoredRecord stored;
  std::uint32_t count = 0;
  for (; !body.empty(); ++count) {
    const auto bytes = take_record(body);
    const messages::Position position{header_.first.value + count};
    stored.clear();
    messages::Reader reader(bytes.value_or(std::string_view()));
    reader.message(stored);
    if (!bytes || !reader.good() || !hellos.restore(stored))
      return Refusal{"block " + std::to_string(header_.number.value) + ": the record of position " +
                     std::to_string(position.value) + " can't be decoded"};
    if (!visit(position, stored.record)) return false;
  }
  if (count != header_.count)
    return Refusal{"block " + std::to_string(header_.number.value) + ": holds " +
                   std::to_string(count) + " records, its header says " +
                   std::to_string(header_.count)};
  return true;
}

Result<Block> open_block(std::string_view bytes) {
  const auto header = read_block_header(bytes);
  if (!header) return Refusal{header.reason()};
  if (header.value().body_size > max_size || header.value().block_size() > bytes.size())
    return Refusal{"cut short: " + std::to_string(bytes.size()) + " bytes of " +
                   std::to_string(header.value().block_size())};
  if (header.value().block_size() < bytes.size())
    return Refusal{std::to_string(bytes.size() - header.value().block_size()) + " bytes too long"};
  const Block block(header.value(), bytes);
  if (block.checksum() != block_digest(bytes, header.value().body_size))
    return Refusal{"checksum differs (a flipped bit?)"};
  return block;
}

Block trusted_block(std::string_view sealed) {
  const auto header = read_block_header(sealed);
  messages::ensure(header && header.value().block_size() == sealed.size(),
                   "only what BlockBuilder sealed is trusted");
  return {header.value(), sealed};
}

BlockBuilder::BlockBuilder() { start(std::size_t{1} << 12U); }

void BlockBuilder::start(std::size_t expected_size) {
  buffer_ = std::string();
  buffer_.reserve(expected_size);
  buffer_.resize(BlockHeader::size);
  hellos_ = {};
  count_ = 0;
}

// By hand, for speed; the bytes are those of messages::Writer.
void BlockBuilder::append(messages::RoleId role, messages::RoleSequence sequence,
                          std::string_view input, std::span<const std::uint64_t> effects,
                          std::string_view failure) {
  std::size_t effects_size = 0;
  for (const std::uint64_t effect : effects) effects_size += varint_size(effect);
  Fields who;
  who.number(1, static_cast<std::uint64_t>(role.kind));
  who.number(2, role.number);
  Fields before_input, before_effects, before_failure, frame;
  before_input.message(1, who);
  before_input.number(2, sequence.value);
  before_input.length(3, input.size());
  before_effects.length(4, effects_size);
  before_failure.length(5, failure.size());
  const std::size_t size = before_input.size() + input.size() + before_effects.size() +
                           effects_size + before_failure.size() + failure.size();
  messages::ensure(buffer_.size() + size < max_size, "a block stays under 1 GiB");
  frame.tag(1, 2);
  frame.varint(size);
  buffer_.append(frame.view()).append(before_input.view()).append(input);
  buffer_.append(before_effects.view());
  for (const std::uint64_t effect : effects) {
    Fields digest;
    digest.varint(effect);
    buffer_.append(digest.view());
  }
  buffer_.append(before_failure.view()).append(failure);
  ++count_;
}

void BlockBuilder::append(const TurnRecord& record) {
  if (record.hello == nullptr)
    return append(record.role, record.sequence, record.input, record.effects, record.failure);
  const auto stored = messages::encode(hellos_.shorten(record));
  Fields frame;
  frame.tag(1, 2);
  frame.varint(stored.size());
  buffer_.append(frame.view()).append(stored);
  ++count_;
}

void BlockBuilder::append(const Record& record) {
  append(record.role, record.sequence, record.input, record.effects, record.failure);
}

std::string BlockBuilder::seal(Tail& tail, messages::WallTime written) {
  const std::uint64_t body_size = buffer_.size() - BlockHeader::size;
  char* header = buffer_.data();
  magic.copy(header, magic.size());
  store_little(header + 8, known_format);
  store_little(header + 12, count_);
  store_little(header + 16, tail.last.value + 1);
  store_little(header + 24, tail.last_position.value + 1);
  store_little(header + 32, tail.checksum.value);
  store_little(header + 40, static_cast<std::uint64_t>(written.milliseconds));
  store_little(header + 48, tail.bytes);
  store_little(header + 56, body_size);
  const auto header_digest =
      messages::digest_of(std::string_view(buffer_).substr(0, checked_header));
  store_little(header + checked_header, header_digest.value);
  std::array<char, sizeof(std::uint64_t)> checksum{};
  store_little(checksum.data(), block_digest(buffer_, body_size).value);
  buffer_.append(checksum.data(), checksum.size());
  std::string sealed = std::move(buffer_);
  start(sealed.size());
  tail = trusted_block(sealed).tail();
  return sealed;
}

}  // namespace queenright::persistence
