#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "messages/input.hpp"
#include "messages/outlet.hpp"
#include "messages/role.hpp"
#include "persistence/memory_journal.hpp"
#include "sim/world/client.hpp"
#include "sim/world/observer.hpp"
#include "sim/world/options.hpp"

namespace queenright::sim {

/// A whole hive in one thread: its nodes run the roles of the live hive through the same turn,
/// on virtual clocks, disks and links, with clients who want work done. The same options and the
/// same calls give the same run. Nodes are 1 to `queens`, then the workers. A verb about a node
/// that is down (or up) and so can't be has no effect. Throws BrokenInvariant on its own bugs.
class World {
 public:
  explicit World(const Options& options);
  ~World();

  /// Looks on from now on; outlives the world.
  void observe(Observer& observer);

  /// The next event. False: nothing will ever happen again.
  bool step();
  /// Takes all events up to `end`, then stands there.
  void run_until(messages::Instant end);
  messages::Instant now() const;  ///< true time
  messages::Instant clock_of(messages::NodeId node) const;

  // ---- links, each one way; a cut link loses what is on its way
  void cut(messages::NodeId from, messages::NodeId to);
  void restore(messages::NodeId from, messages::NodeId to);
  void set_loss(std::uint32_t permille);
  void set_duplicates(std::uint32_t permille);
  void set_delay(messages::Duration base, messages::Duration jitter);  ///< jitter reorders
  void set_bandwidth(std::uint64_t bytes_per_second);                  ///< 0: no limit

  // ---- processes
  /// Of the records that were not synced so many in a thousand have reached the disk.
  void crash(messages::NodeId node, std::uint32_t kept_permille);
  void restart(messages::NodeId node);         ///< recovers from its disk; not while it is full
  void lose_directory(messages::NodeId node);  ///< ends the process, if there is one
  void pause(messages::NodeId node);           ///< its clock goes on
  void resume(messages::NodeId node);
  /// Tells all other queens that this process, which must be over, is over.
  void prove_exit(messages::NodeId node);
  void demote(messages::NodeId node, std::optional<messages::CircuitId> circuit,
              const std::string& reason);

  void fail_spawns(messages::NodeId node, bool on);  ///< no child can be started there

  // ---- clocks
  void set_rate(messages::NodeId node, std::int64_t ppm);  ///< parts per million too fast
  void jump_wall(messages::NodeId node, std::int64_t milliseconds);
  void suspend(messages::NodeId node, messages::Duration span);  ///< pauses it and its children

  // ---- disks
  void slow_sync(messages::NodeId node, messages::Duration span);  ///< of each from now on
  void fail_next_write(messages::NodeId node);                     ///< nothing of it is kept
  void fail_next_sync(messages::NodeId node);                      ///< any part of it is kept
  void fill_disk(messages::NodeId node);  ///< the node is told to drain; little room is left
  void empty_disk(messages::NodeId node);
  void tear_last_block(messages::NodeId node);  ///< of a node that is down
  void flip_bit(messages::NodeId node);         ///< of a node that is down
  void lying_sync(messages::NodeId node, bool on);

  // ---- to look at
  const std::vector<messages::NodeId>& queens() const;
  const std::vector<messages::NodeId>& workers() const;
  bool is_up(messages::NodeId node) const;
  bool is_paused(messages::NodeId node) const;
  messages::Incarnation incarnation(messages::NodeId node) const;
  const messages::Role* role(messages::NodeId node, messages::RoleId role) const;  ///< null: none
  std::vector<messages::RoleId> roles(messages::NodeId node) const;

  const std::vector<std::unique_ptr<Client>>& clients() const;
  /// The first client opens a run of one step that succeeds, at this queen (and at others, if
  /// she does not answer); or cancels one of its own there.
  void submit_run(messages::NodeId queen, const PlainWork& work = {});
  void cancel_run(messages::CircuitId run, messages::NodeId queen);
  /// Clients begin no further runs.
  void stop_clients();

  /// Of all turns so far, in their order: equal for equal runs.
  std::uint64_t hash() const;
  std::uint64_t turns() const;
  /// What the world itself found wrong.
  const std::vector<std::string>& violations() const;
  /// What a node has written, to be saved or replayed; a disk that was lost is not in it.
  const persistence::MemoryDisk& recording(messages::NodeId node) const;

 private:
  void tell_of_disk(messages::NodeId node, const messages::Drain& drain);

  class Hive;
  std::unique_ptr<Hive> hive_;
};

}  // namespace queenright::sim
