#pragma once

#include <memory>
#include <optional>
#include <string>

#include "persistence/memory_journal.hpp"
#include "sim/world/chance.hpp"

namespace queenright::sim {

/// The disk of one node: what outlives its processes, and what is wrong with it.
class Disk {
 public:
  explicit Disk(messages::Duration sync) : sync_span(sync) {}

  messages::Duration sync_span;
  bool fail_next_write = false;
  bool fail_next_sync = false;

  const persistence::MemoryDisk& kept() const { return *disk_; }
  std::unique_ptr<persistence::Journal> open() const;
  /// Why a new process can't even open it; empty: it can.
  std::string unreadable() const;

  void fill(std::uint64_t room) { room_ = room; }
  void empty() { room_.reset(); }
  bool is_full() const { return room_ == 0U; }
  /// False: there is no room for so much, nor for anything after it.
  bool take_room(std::uint64_t bytes);

  /// While it lies a sync does nothing; what it promised is there until the next crash.
  void lie(bool on);
  void synced();   ///< a sync came back
  void crashed();  ///< what was lied about is gone

  void lose();  ///< all of it
  void tear_last_block();
  void flip_bit(Chance& chance);  ///< of a block that a recovery reads

 private:
  std::shared_ptr<persistence::MemoryDisk> disk_ = std::make_shared<persistence::MemoryDisk>();
  std::optional<std::uint64_t> room_;
  std::optional<persistence::MemoryDisk> honest_;  ///< what is really there
  bool lies_ = false;
};

}  // namespace queenright::sim
