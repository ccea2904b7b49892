#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace queenright::edges {

struct Process {
  pid_t id{};
  pid_t parent{};
  pid_t group{};
  pid_t session{};
  std::uint64_t started{};  ///< ticks since boot, as `ticks_since_boot`
};

/// All processes that this one may see, now. Those that wait to be reaped are among them: they
/// can't be told from those whose first thread alone has ended.
std::vector<Process> running_processes();

/// Those of `processes` that descend from `ancestor`, which is not among them.
std::vector<Process> descendants_of(pid_t ancestor, const std::vector<Process>& processes);

/// The clock by which the system notes when a process was started.
std::uint64_t ticks_since_boot();

/// KILL to every descendant of this process, again and again until none is left to be reaped.
/// SIGCHLD must be blocked, and orphans come to this process (a child subreaper).
void end_all_descendants();

/// KILL to every process of a session but its leader.
void end_session(pid_t leader);

}  // namespace queenright::edges
