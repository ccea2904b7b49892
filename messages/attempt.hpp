#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "messages/artifact.hpp"
#include "messages/fields.hpp"

/// What a circuit asks of a worker, and what the worker tells of it.
namespace queenright::messages {

/// One try at one task. The same everywhere and for ever, so that sinks can tell repeats.
struct AttemptId {
  static constexpr auto name = "AttemptId";
  CircuitId circuit;
  TaskId task;
  AttemptNumber attempt;
  auto operator<=>(const AttemptId&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "task", self.task);
    visit(3, "attempt", self.attempt);
  }
};

enum class OutputMode : std::uint8_t { text, json, none };
constexpr OutputMode last_enumerator(OutputMode) { return OutputMode::none; }

/// Work that does nothing: for measuring, and as a joint in a plan.
struct Noop {
  static constexpr auto name = "Noop";
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

/// A child process, all expressions already evaluated.
struct Exec {
  static constexpr auto name = "Exec";
  std::vector<std::string> argv;           ///< never empty; no shell of ours
  std::map<std::string, std::string> env;  ///< besides PATH, HOME and LANG of the worker
  std::string cwd;                         ///< empty: the run's scratch directory
  std::string stdin_text;
  OutputMode output{};
  std::vector<std::string> secrets{};    ///< variables that it gets of the worker's own environment
  std::vector<std::string> artifacts{};  ///< patterns of files that it is to make
  std::vector<Artifact> inputs{};        ///< files that it finds in its directory

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "argv", self.argv);
    visit(2, "env", self.env);
    visit(3, "cwd", self.cwd);
    visit(4, "stdin", self.stdin_text);
    visit(5, "output", self.output);
    visit(6, "secrets", self.secrets);
    visit(7, "artifacts", self.artifacts);
    visit(8, "inputs", self.inputs);
  }
};

using Work = std::variant<Noop, Exec>;

enum class AttemptEnd : std::uint8_t {
  exited,       ///< by itself, with `exit_code`
  signalled,    ///< by `signal`, not ours
  timed_out,    ///< ended by us after its time
  cancelled,    ///< ended by us, or never started, since the run no longer wants it
  not_started,  ///< could not be started: `reason`
  unknown,      ///< the worker cannot tell: it may have done all, some or nothing
  declined      ///< the worker did not take it: `reason`. Nothing of it has begun
};
constexpr AttemptEnd last_enumerator(AttemptEnd) { return AttemptEnd::declined; }

/// All that is known of an attempt which is over.
struct AttemptOutcome {
  static constexpr auto name = "AttemptOutcome";
  AttemptEnd end{};
  std::int32_t exit_code{};
  std::int32_t signal{};
  std::string reason;           ///< of an end that needs one; the refusal of a JSON output too
  Value output;                 ///< text, or what `json` decoded to; null for `none`
  bool output_cut{};            ///< more was written than is kept
  std::uint64_t output_size{};  ///< bytes written, kept or not
  std::string output_digest;    ///< sha256:..., of all bytes written; empty when none were
  std::string diagnostics;      ///< the end of what it wrote to stderr
  WallTime started;
  WallTime ended;
  Duration processor_time{};
  std::uint64_t peak_memory{};  ///< bytes
  Duration took{};              ///< from start to end, by a clock that does not jump
  bool worker_failed{};         ///< of `not_started`: what is to blame is the worker, not the work
  std::vector<Artifact> artifacts{};
  bool output_kept{};  ///< all that it wrote is an artifact, by its digest

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "end", self.end);
    visit(2, "exit_code", self.exit_code);
    visit(3, "signal", self.signal);
    visit(4, "reason", self.reason);
    visit(5, "output", self.output);
    visit(6, "output_cut", self.output_cut);
    visit(7, "output_size", self.output_size);
    visit(8, "output_digest", self.output_digest);
    visit(9, "diagnostics", self.diagnostics);
    visit(10, "started", self.started);
    visit(11, "ended", self.ended);
    visit(12, "processor_time", self.processor_time);
    visit(13, "peak_memory", self.peak_memory);
    visit(14, "took", self.took);
    visit(15, "worker_failed", self.worker_failed);
    visit(16, "artifacts", self.artifacts);
    visit(17, "output_kept", self.output_kept);
  }
};

/// Its work is done. A reason stands for something that was wrong all the same.
inline bool went_well(const AttemptOutcome& outcome) {
  return outcome.end == AttemptEnd::exited && outcome.exit_code == 0 && outcome.reason.empty();
}

}  // namespace queenright::messages
