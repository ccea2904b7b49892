#pragma once

#include "deploy/program/client/remote_hive.hpp"

/// What a hive refuses as a whole.
namespace queenright::program {

/// Circuit 0 as a queen knows it who may be no member of the majority; null: she knows nothing.
messages::Value hive_as_known(RemoteHive& hive);

/// What the hive is commanded to be: "normal", "draining", "safe".
messages::Value mode_of(RemoteHive& hive);

/// Says on stderr what is refused, why, and what would end it; nothing, where nothing is. Whoever
/// looks at a hive is to know why it takes nothing new.
void tell_mode(RemoteHive& hive);

}  // namespace queenright::program
