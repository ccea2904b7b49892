#include "persistence/chain.hpp"

#include "messages/ensure.hpp"

namespace queenright::persistence {

using messages::Refusal;
using messages::Result;

Result<Block> Chain::next(std::string_view bytes) {
  const auto block = open_block(bytes);
  if (!block) return Refusal{name_of(expected()) + ": " + block.reason()};
  if (auto broken = broken_by(block.value().header())) return std::move(*broken);
  tail_ = block.value().tail();
  joined_ = true;
  return block;
}

std::optional<Refusal> Chain::broken_by(const BlockHeader& header) const {
  if (header.number.value == expected().value + 1)
    return Refusal{name_of(expected()) + " is missing"};
  if (header.number > expected())
    return Refusal{"blocks " + std::to_string(expected().value) + " to " +
                   std::to_string(header.number.value - 1) + " are missing"};
  if (header.number < expected())
    return Refusal{name_of(header.number) + " stands where " + name_of(expected()) + " belongs"};
  const bool continues = header.previous == tail_.checksum &&
                         header.first.value == tail_.last_position.value + 1 &&
                         header.bytes_before == tail_.bytes;
  if (joined_ && !continues)
    return Refusal{name_of(header.number) + " does not continue " + name_of(tail_.last) +
                   ": it was written after another one of that number"};
  return std::nullopt;
}

Tail tail_after(Tail tail, std::span<const std::string> sealed,
                std::span<const Snapshot> snapshots) {
  for (const std::string& bytes : sealed) {
    const Block block = trusted_block(bytes);
    const BlockHeader& header = block.header();
    messages::ensure(header.number.value == tail.last.value + 1 &&
                         header.previous == tail.checksum &&
                         header.first.value == tail.last_position.value + 1,
                     "an appended block continues the journal");
    tail = block.tail();
  }
  for (const Snapshot& snapshot : snapshots)
    messages::ensure(snapshot.position <= tail.last_position,
                     "a snapshot contains only inputs that are in the journal");
  return tail;
}

std::string name_of(BlockNumber number) { return "block " + std::to_string(number.value); }

}  // namespace queenright::persistence
