#pragma once

#include <optional>
#include <string>

#include "persistence/journal.hpp"

namespace queenright::persistence {

/// Whose journal it is, as the journal notes it itself. An embedded hive notes nothing.
struct JournalOwner {
  std::string hive;     ///< its name
  std::string hive_id;  ///< tells it from another one of the same name
  messages::NodeId node;
  bool operator==(const JournalOwner&) const = default;
};

std::optional<JournalOwner> owner_of(const Recording& journal);

/// Durable when it returns. Throws JournalFailed.
void note_owner(Journal& journal, const JournalOwner& owner);

/// Why the journal counts no more, since another process took its node's place; empty: it counts.
std::string superseded(const Recording& journal);

/// Durable when it returns. Throws JournalFailed.
void note_superseded(Journal& journal, const std::string& why);

}  // namespace queenright::persistence
