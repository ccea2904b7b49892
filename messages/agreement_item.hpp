#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/ballot.hpp"
#include "messages/log_entry.hpp"

/// What queens say to each other about what was agreed (AGREEMENT section 3).
namespace queenright::messages {

/// From the root: entries base+1 and on. `sync` replaces what the receiver has above her commit
/// by them, and makes her log one of this epoch (A-R5).
struct Append {
  static constexpr auto name = "Append";
  CircuitId circuit;
  Ballot ballot;
  bool sync{};
  LogIndex base;
  std::vector<Entry> entries;
  std::optional<LogSnapshot> snapshot;  ///< up to `base`, where its entries were dropped
  LogIndex commit;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "sync", self.sync);
    visit(4, "base", self.base);
    visit(5, "entries", self.entries);
    visit(6, "snapshot", self.snapshot);
    visit(7, "commit", self.commit);
  }
};

/// How far the sender's log is; held until that is synced.
struct Appended {
  static constexpr auto name = "Appended";
  CircuitId circuit;
  Ballot ballot;
  LogVector log;
  bool gap{};  ///< entries between what she has and what she got are missing

  /// It tells of her log. What only tells how much is committed may be forgotten when she falls.
  bool promises() const { return gap || log.length != LogIndex{}; }

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "log", self.log);
    visit(4, "gap", self.gap);
  }
};

/// The sender has promised the circuit to a higher ballot (A-R1).
struct AppendRefused {
  static constexpr auto name = "AppendRefused";
  CircuitId circuit;
  Ballot ballot;
  Ballot promised;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "promised", self.promised);
  }
};

/// Asks for the log above `from` (A-R3), or for the end of a closed circuit (A-R13).
struct Fetch {
  static constexpr auto name = "Fetch";
  CircuitId circuit;
  Ballot ballot;  ///< of the asking root; empty when she wants the end
  LogIndex from;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "from", self.from);
  }
};

/// The sender's log above `base`; held until she has it synced.
struct Suffix {
  static constexpr auto name = "Suffix";
  CircuitId circuit;
  Ballot ballot;  ///< of the fetch
  LogVector log;
  LogIndex base;
  std::vector<Entry> entries;
  std::optional<LogSnapshot> snapshot;  ///< up to `base`

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "log", self.log);
    visit(4, "base", self.base);
    visit(5, "entries", self.entries);
    visit(6, "snapshot", self.snapshot);
  }
};

}  // namespace queenright::messages
