#pragma once

#include "persistence/journal.hpp"

namespace queenright::persistence {

/// A number that no Booted of this node has had, durable when it returns. Throws JournalFailed.
messages::Incarnation next_incarnation(Journal& journal);

}  // namespace queenright::persistence
