#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "persistence/journal.hpp"

namespace queenright::persistence {

struct JournalOptions {
  /// Keep the last block a second time (tail_slots.hpp): for hives of several voters.
  /// A journal that has them once keeps them.
  bool tail_slots = false;
};

/// What opening has found. Both are sentences for people; empty: nothing of the kind.
struct OpenReport {
  std::string torn_tail;      ///< normal after a crash: nobody had been promised anything
  std::string lost_promises;  ///< blocks are gone which others may rely on (R14)
};

struct OpenedJournal {
  std::unique_ptr<Journal> journal;
  OpenReport report;
};

struct OpenedRecording {
  std::unique_ptr<Recording> recording;
  OpenReport report;
};

/// Opens the journal in a directory of its own, or makes a new one where there is none. Refused:
/// in use ("... is in use by process 123"), not a journal, a newer format, damage. A refused
/// directory is left as it was found.
messages::Result<OpenedJournal> open_journal(const std::filesystem::path& directory,
                                             const JournalOptions& options = {});

/// The journal as it is now, changing nothing; another process may go on writing it.
messages::Result<OpenedRecording> open_journal_read_only(const std::filesystem::path& directory);

}  // namespace queenright::persistence
