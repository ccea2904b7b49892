#pragma once

#include <filesystem>
#include <optional>

#include "messages/role.hpp"
#include "persistence/journal_owner.hpp"

/// Whether a journal is this node's, and still counts. What is refused stays as it was found.
namespace queenright::program {

/// Who starts on a journal.
struct Starter {
  std::optional<persistence::JournalOwner> owner;  ///< none: an embedded hive
  bool survives =
      false;  ///< its hive lost a majority: the journal may have the hive's id of before
};

/// Throws Failure, which says whose the journal is. `directory`: the node's.
void check_ownership(const persistence::Recording& journal, const Starter& starter,
                     const std::filesystem::path& directory);

/// `queen`: as recovered, if there is one. Throws Failure, when another process has taken the
/// node's place since: others rely on what that one promised.
void check_not_superseded(const persistence::Recording& journal, const messages::Role* queen,
                          const std::filesystem::path& directory);

}  // namespace queenright::program
