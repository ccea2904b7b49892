#pragma once

#include "messages/input.hpp"
#include "persistence/journal.hpp"

namespace queenright::persistence {

/// The highest that a Booted of this node has had; 0: none yet.
messages::Incarnation last_incarnation(const Recording& journal);

/// A number that no Booted of this node has had, durable when it returns. Throws JournalFailed.
messages::Incarnation next_incarnation(Journal& journal);

/// For a directory that takes the place of a lost one: what comes next is above `last`. Throws
/// JournalFailed.
void continue_incarnations(Journal& journal, messages::Incarnation last);

/// For a role that is brought back: no two Booted of a node have the same incarnation or the
/// same seed. Throws JournalFailed.
messages::Booted booted_again(Journal& journal, messages::Booted booted);

}  // namespace queenright::persistence
