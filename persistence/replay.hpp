#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "persistence/active_role.hpp"
#include "persistence/journal.hpp"

namespace queenright::persistence {

/// Where a replay stopped being what was recorded.
struct Divergence {
  messages::Position position;
  messages::RoleId role;
  messages::RoleSequence sequence;
  std::string what;                   ///< in one line
  std::string input;                  ///< as text
  std::vector<std::string> replayed;  ///< each effect as text
  std::vector<std::uint64_t> replayed_digests;
  std::vector<std::uint64_t> recorded_digests;
};

/// Looks on while a recording is stepped.
class ReplayWatcher {
 public:
  virtual ~ReplayWatcher() = default;
  /// Before the step: it will be the role's input number `role.sequence`.
  virtual void taking(messages::Position position, const ActiveRole& role,
                      const messages::Input& input) = 0;
  /// After it, and as it was recorded.
  virtual void took(const ActiveRole& role, const std::vector<messages::Effect>& effects,
                    const std::vector<std::uint64_t>& digests) = 0;
};

/// Steps every role through a recording, in its order, with effects withheld, and compares what
/// comes out. Recovery after a crash is this, and nothing else.
class Replay {
 public:
  /// The catalogue and the recording outlive it.
  Replay(const messages::Catalogue& catalogue, const Recording& recording)
      : catalogue_(catalogue), recording_(recording) {}

  /// Starts roles where these snapshots stand; their earlier inputs will be skipped.
  messages::Result<bool> start_from(const std::vector<Snapshot>& snapshots);

  /// Steps all records up to `until` (all, when it is 0). A divergence stops it. Refused:
  /// damage in the recording.
  messages::Result<bool> run(messages::Position until);

  /// Follows one role only; the others are skipped. Before `run`.
  void only(messages::RoleId role) { only_ = role; }

  /// Before `run`; it outlives that.
  void watched_by(ReplayWatcher& watcher) { watcher_ = &watcher; }

  const std::optional<Divergence>& divergence() const { return divergence_; }
  std::uint64_t inputs() const { return inputs_; }
  std::uint64_t effects() const { return effects_; }
  std::map<messages::RoleId, ActiveRole>& roles() { return roles_; }
  const std::map<messages::RoleId, ActiveRole>& roles() const { return roles_; }

  /// Roles that retired, in the state which they had at the end; kept only for `only`.
  const ActiveRole* retired() const { return retired_ ? &*retired_ : nullptr; }

 private:
  BlockNumber first_needed() const;
  void take(messages::Position position, const Record& record);
  ActiveRole& role_of(const Record& record);
  void diverge(messages::Position position, const Record& record, std::string what,
               const std::vector<messages::Effect>& effects);
  void rebuild(ActiveRole& broken, messages::Position position);

  const messages::Catalogue& catalogue_;
  const Recording& recording_;
  std::vector<Snapshot> snapshots_;
  std::map<messages::RoleId, messages::Position> skip_to_;
  std::map<messages::RoleId, ActiveRole> roles_;
  std::optional<messages::RoleId> only_;
  ReplayWatcher* watcher_ = nullptr;
  std::optional<ActiveRole> retired_;
  std::optional<Divergence> divergence_;
  std::uint64_t inputs_ = 0;
  std::uint64_t effects_ = 0;
};

/// Brings one role back to what it was before it broke an invariant at `before`: from its newest
/// snapshot and its inputs since then, without those that failed.
messages::Result<ActiveRole> rebuild_role(const messages::Catalogue& catalogue,
                                          const Recording& recording,
                                          const std::vector<Snapshot>& snapshots,
                                          messages::RoleId role, messages::Position before);

/// The block that holds `position`, or the first one.
BlockNumber block_of(const Recording& recording, messages::Position position);

/// The inputs which followed from one turn, as text: what was really sent, where only a digest
/// of it was recorded.
std::vector<std::string> consequences(const Recording& recording, messages::Position after,
                                      messages::RoleId role, messages::RoleSequence sequence);

}  // namespace queenright::persistence
