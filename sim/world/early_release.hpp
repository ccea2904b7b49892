#pragma once

#include "election/rules.hpp"
#include "messages/effect.hpp"

namespace queenright::sim {

/// Whether a node of a hive with these rules lets it go before what it promises is durable. What is
/// held and has no rule that could be switched off (Suffix, SyncReply, SyncEnd, Ended, children)
/// always waits; I5 looks after all of it.
bool leaves_early(const messages::Effect& effect, const election::Rules& rules);

}  // namespace queenright::sim
