#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/rocksdb_journal.hpp"

namespace queenright::persistence {

/// What a look at every block has shown. All texts are sentences for people.
struct VerifyReport {
  BlockNumber first;
  Tail tail;  ///< as far as the blocks are sound
  std::uint64_t inputs{};
  std::string damage;              ///< the first, with the block's number; empty: none
  std::string lost_promises;       ///< empty: none
  std::vector<std::string> notes;  ///< how it ends, where it begins

  bool sound() const { return damage.empty() && lost_promises.empty(); }
};

/// Checks numbers, checksums, chain, and that every input and snapshot can be decoded.
VerifyReport verify(const Recording& recording, const OpenReport& opened = {});

/// The same of a journal's directory or a slice, also where it is too damaged to be opened.
/// Refused: not a recording, or of a newer format.
messages::Result<VerifyReport> verify_path(const std::filesystem::path& path);

struct RoleStat {
  std::uint64_t inputs{};
  std::uint64_t effects{};
  std::uint64_t failures{};
};

struct JournalStat {
  BlockNumber first;
  Tail tail;
  std::uint64_t blocks{};
  std::uint64_t bytes{};  ///< of the blocks kept
  RoleStat total;
  std::map<messages::RoleId, RoleStat> roles;
  messages::WallTime started;  ///< of the first input kept
  messages::WallTime ended;    ///< of the last one
  std::vector<Snapshot> snapshots;
};

/// Refused: what is damaged.
messages::Result<JournalStat> stat(const Recording& recording);

}  // namespace queenright::persistence
