#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "messages/digest.hpp"
#include "messages/ids.hpp"
#include "messages/result.hpp"
#include "persistence/hello_record.hpp"
#include "persistence/record.hpp"

/// A block is one group commit: a header of fixed size, the records in Protobuf's wire format
/// (`repeated Record records = 1`), and a checksum over both. Each header names the checksum of
/// the block before it, so that nothing can go missing unnoticed. Whatever a block's bytes are,
/// its readers get whole records.
namespace queenright::persistence {

using BlockNumber = messages::Id<struct BlockTag, std::uint64_t>;  ///< from 1, without gaps

/// Where a chain of blocks ends. The default: before the first block.
struct Tail {
  BlockNumber last;
  messages::Position last_position;
  messages::Digest checksum;
  std::uint64_t bytes{};  ///< of all blocks from the first one ever, kept or not
  bool operator==(const Tail&) const = default;
};

struct BlockHeader {
  static constexpr std::size_t size = 72;  ///< bytes

  BlockNumber number;
  messages::Position first;  ///< of its first record
  std::uint32_t count{};     ///< of its records
  messages::Digest previous;
  messages::WallTime written;
  std::uint64_t bytes_before{};  ///< of all blocks before this one
  std::uint64_t body_size{};

  messages::Position last() const { return {first.value + count - 1}; }
  std::uint64_t block_size() const { return size + body_size + sizeof(std::uint64_t); }
};

/// Reads and checks the header alone; `bytes` may go on after it or stop short of the body.
messages::Result<BlockHeader> read_block_header(std::string_view bytes);

/// A view of a block; the bytes belong to the caller. The checksum has been checked, the
/// records are decoded when they are visited.
class Block {
 public:
  Block(BlockHeader header, std::string_view bytes) : header_(header), bytes_(bytes) {}

  const BlockHeader& header() const { return header_; }
  std::string_view bytes() const { return bytes_; }
  messages::Digest checksum() const;
  Tail tail() const;  ///< of a chain that ends in this block

  /// Calls `visit` for each record until it returns false. Gives whether it was called for all
  /// of them, or what can't be decoded.
  messages::Result<bool> for_each(
      const std::function<bool(messages::Position, const Record&)>& visit) const;

 private:
  BlockHeader header_;
  std::string_view bytes_;
};

/// Refused: not a block, a newer format, cut short, or a checksum that differs.
messages::Result<Block> open_block(std::string_view bytes);

/// A block whose header only has been checked, for bytes which this process has just sealed.
Block trusted_block(std::string_view sealed);

/// Collects records straight into the bytes of the next block.
class BlockBuilder {
 public:
  BlockBuilder();

  void append(messages::RoleId role, messages::RoleSequence sequence, std::string_view input,
              std::span<const std::uint64_t> effects, std::string_view failure);
  void append(const Record& record);

  /// As it comes from a turn: a hello is stored as a difference where it can be.
  void append(const TurnRecord& record);

  bool empty() const { return count_ == 0; }
  std::uint32_t count() const { return count_; }
  std::size_t size() const { return buffer_.size(); }  ///< bytes so far, with the header

  /// Makes the block that follows `tail`, moves `tail` on to it, and starts anew.
  std::string seal(Tail& tail, messages::WallTime written);

 private:
  void start(std::size_t expected_size);

  std::string buffer_;
  HelloShortener hellos_;
  std::uint32_t count_ = 0;
};

}  // namespace queenright::persistence
