#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "messages/result.hpp"
#include "sim/faults/fault.hpp"
#include "sim/world/made_up_plan.hpp"
#include "sim/world/options.hpp"

/// A scenario: a hive, what happens to it, and what must hold; a text file of a line each. What a
/// line may say is in tests/scenarios/README.md.
namespace queenright::sim {

using messages::CircuitId;

// What can be simulated in minutes, and kept in memory.
constexpr Duration longest_life = std::chrono::hours{1};
constexpr std::int64_t most_runs = 10'000;  ///< that are begun at once

/// What a client does, or the reader of the scenario wants to know.
struct Action {
  enum class Kind : std::uint8_t { submit, cancel, stop_clients, explain };

  Kind kind{};
  Duration at{};
  CircuitId run;         ///< or, to be explained, any circuit
  NodeId queen;          ///< who is asked
  std::int64_t count{};  ///< of runs, at once
  std::size_t line{};    ///< in its file
  PlainWork work;        ///< of a run
};

/// What must hold: at an instant, or at all times from one to another.
struct Expectation {
  enum class Kind : std::uint8_t {
    root_is,        ///< `queen` acts as root of `run`, and nobody else
    root_is_not,    ///< `queen` does not act as its root
    some_root,      ///< exactly one acts
    no_root,        ///< nobody acts
    all_succeed,    ///< every run that was begun has succeeded
    all_end,        ///< every run that was begun is over, or waits for a person
    some_succeed,   ///< at least `count` have
    run_ends,       ///< `run` is over, and `word` is how
    all_answered,   ///< nobody waits for an answer
    ends_known,     ///< who knows that a circuit is closed has all of its log
    refused,        ///< somebody was refused within the time, with `word` in the reason
    roots_move,     ///< at least `count` runs had `queen` as root at `since`, and have another now
    tree_spans,     ///< every queen has a way to `queen`
    degraded,       ///< `queen` takes nothing new
    not_degraded,   ///< she does
    circuits_open,  ///< at least `count`, each with a root
    worker_is,      ///< the hive thinks of `worker` as `word` says
  };

  Kind kind{};
  Duration from{};
  Duration to{};  ///< the same, for an instant
  CircuitId run;
  NodeId queen;
  std::int64_t count{};
  Duration since{};
  std::string word;
  std::size_t line{};  ///< in its file
  std::string text;    ///< as it is written
  NodeId worker;
};

struct Scenario {
  std::string name;  ///< of its file
  Options options;
  Duration end{};
  std::vector<std::string> broken;  ///< names of rules that are switched off
  std::vector<Fault> faults;
  std::vector<Action> actions;            ///< in their order
  std::vector<Expectation> expectations;  ///< in their order in the file
  std::vector<std::string> notes;  ///< what is allowed, and may not be meant: "FILE:LINE: what"
};

/// Refused with all that is wrong in it, a line each: "FILE:LINE: what".
messages::Result<Scenario> parse_scenario(std::string_view text, const std::string& name);
messages::Result<Scenario> read_scenario(const std::filesystem::path& file);

}  // namespace queenright::sim
