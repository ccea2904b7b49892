#include "persistence/recovery.hpp"

#include <utility>

#include "persistence/replay.hpp"

namespace queenright::persistence {

using Why = Unrecoverable::Why;

std::variant<Recovered, Unrecoverable> recover(const messages::Catalogue& catalogue,
                                               const Recording& journal) {
  const auto snapshots = journal.newest_snapshots();
  if (!snapshots) return Unrecoverable{Why::damaged, snapshots.reason()};
  Replay replay(catalogue, journal);
  if (const auto started = replay.start_from(snapshots.value()); !started)
    return Unrecoverable{Why::other_version, started.reason()};
  if (const auto replayed = replay.run({}); !replayed)
    return Unrecoverable{Why::damaged, replayed.reason()};
  if (const auto& difference = replay.divergence())
    return Unrecoverable{Why::diverged, "the journal does not replay at position " +
                                            std::to_string(difference->position.value) + " (" +
                                            name_of(difference->role) + ": " + difference->what +
                                            ")"};
  return Recovered{std::move(replay.roles()), replay.inputs()};
}

messages::Result<ActiveRole> recover_role(const messages::Catalogue& catalogue,
                                          const Recording& journal, messages::RoleId role) {
  const auto snapshots = journal.newest_snapshots();
  if (!snapshots) return messages::Refusal{snapshots.reason()};
  return rebuild_role(catalogue, journal, snapshots.value(), role,
                      {journal.tail().last_position.value + 1});
}

}  // namespace queenright::persistence
