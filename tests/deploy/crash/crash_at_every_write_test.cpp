#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <set>

#include "deploy/program/records/kept_runs.hpp"
#include "deploy/program/run/run.hpp"
#include "messages/codec.hpp"
#include "own_process.hpp"
#include "persistence/replay.hpp"
#include "persistence/watched_journal.hpp"

/// A small plan, run by a program whose journal ends the process at its first write, at its
/// second one, and so on; each time the run is taken to its end afterwards.
namespace queenright::program::test {
namespace {
BOOST_AUTO_TEST_SUITE(crash_at_every_write)

namespace fs = std::filesystem;
using messages::Value;
using persistence::Journal;

constexpr int crashed = 137;

/// Each attempt leaves its mark in a file. `each` may be done again, `once` and `last` may not.
constexpr auto plan_text = R"(
plan: small
vars: {marks: ""}
steps:
  - id: list
    idempotent: true
    exec: [sh, -c, 'echo "$MARK" >> "$MARKS"; echo "[1, 2]"']
    env: {MARK: list, MARKS: "${{ vars.marks }}"}
    output: json
  - id: each
    needs: [list]
    foreach: ${{ steps.list.output }}
    idempotent: true
    exec: [sh, -c, 'echo "$MARK" >> "$MARKS"']
    env: {MARK: "each ${{ item }}", MARKS: "${{ vars.marks }}"}
  - id: once
    needs: [list]
    foreach: ${{ steps.list.output }}
    exec: [sh, -c, 'echo "$MARK" >> "$MARKS"']
    env: {MARK: "once ${{ item }}", MARKS: "${{ vars.marks }}"}
  - id: joint
    needs: [each, once]
    noop: {}
  - id: last
    needs: [joint]
    exec: [sh, -c, 'echo "$MARK" >> "$MARKS"']
    env: {MARK: last, MARKS: "${{ vars.marks }}"}
)";

const std::set<std::string> marks_again_allowed{"list", "each 1", "each 2"};
const std::set<std::string> marks_once_only{"once 1", "once 2", "last"};

struct Crash {
  int write = 0;  ///< 0: none
  bool before{};
};

/// One directory of data, and the processes that work on it one after the other.
class World {
 public:
  World() { std::ofstream(plan()) << plan_text; }

  Ended run(const std::string& key, Crash crash = {}) const {
    return next_process([&] {
      auto options = options_with(crash);
      options.key = key;
      options.plan.variables = {"marks=" + marks_file().string()};
      return static_cast<int>(run_plan(plan(), options));
    });
  }
  Ended resume(Crash crash = {}) const {
    return next_process(
        [&] { return static_cast<int>(resume_runs(std::nullopt, options_with(crash))); });
  }
  Ended skip(const std::string& step) const {
    return next_process([&] {
      return static_cast<int>(decide(
          "small-1", messages::ResolveStep{step, messages::Resolution::skip}, options_with({})));
    });
  }

  /// That have worked on it so far.
  int processes() const { return processes_; }

  /// How often each attempt left its mark so far.
  std::map<std::string, int> marks() const {
    std::map<std::string, int> marks;
    std::ifstream file(marks_file());
    for (std::string line; std::getline(file, line);) ++marks[line];
    return marks;
  }

  /// The marks of attempts whose success is in the journal.
  std::set<std::string> durable() const {
    return from_journal([](const persistence::Recording& journal, std::ostream& out) {
      std::map<messages::AttemptId, std::string> started;
      each_input(journal, [&](const messages::Input& input) {
        if (const auto* exited = std::get_if<messages::ChildExited>(&input.body)) {
          const auto& outcome = exited->outcome;
          if (outcome.end == messages::AttemptEnd::exited && outcome.exit_code == 0)
            out << started.at(exited->attempt) << '\n';
        } else if (const auto* envelope = std::get_if<messages::Envelope>(&input.body)) {
          note_starts(*envelope, started);
        }
      });
    });
  }
  std::set<std::string> unknown_steps() const {
    return from_journal([this](const persistence::Recording& journal, std::ostream& out) {
      const auto report = report_of_run(journal, data(), {1}).value();
      for (const auto& step : *report.map()->at("steps").list())
        if (*step.map()->at("status").text() == "unknown")
          out << *step.map()->at("id").text() << '\n';
    });
  }
  /// What a replay of the whole journal finds; nothing: identical.
  std::set<std::string> differences() const {
    return from_journal([](const persistence::Recording& journal, std::ostream& out) {
      const roles::RoleCatalogue catalogue(roles::embedded_supervision());
      persistence::Replay replay(catalogue, journal);
      const auto ran = replay.run({});
      if (!ran) out << ran.reason() << '\n';
      if (replay.divergence()) out << replay.divergence()->what << '\n';
    });
  }

 private:
  using Starts = std::map<messages::AttemptId, std::string>;

  template <class Work>
  Ended next_process(Work&& work) const {
    ++processes_;
    return in_own_process(std::forward<Work>(work));
  }

  fs::path plan() const { return directory_.path() / "small.yaml"; }
  fs::path data() const { return directory_.path() / "data"; }
  fs::path marks_file() const { return directory_.path() / "marks"; }

  RunOptions options_with(Crash crash) const {
    RunOptions options;
    options.hive.data = data();
    options.output = "json";
    options.quiet = true;
    if (crash.write == 0) return options;
    options.hive.decorate_journal = [crash](std::unique_ptr<Journal> journal) {
      persistence::WatchedJournal::Hooks hooks;
      const auto writes = std::make_shared<int>(0);
      hooks.before = [=] {
        if (++*writes == crash.write && crash.before) _exit(crashed);
      };
      hooks.after = [=] {
        if (*writes == crash.write && !crash.before) _exit(crashed);
      };
      return std::make_unique<persistence::WatchedJournal>(std::move(journal), std::move(hooks));
    };
    return options;
  }

  static void each_input(const persistence::Recording& journal,
                         const std::function<void(const messages::Input&)>& visit) {
    const auto scanned = journal.scan({1}, [&](const persistence::Block& block) {
      return block
          .for_each([&](messages::Position, const persistence::Record& record) {
            visit(messages::decode_input(record.input).value());
            return true;
          })
          .value();
    });
    if (!scanned) throw std::runtime_error(scanned.reason());
  }

  static void note_starts(const messages::Envelope& envelope, Starts& started) {
    for (const auto& item : envelope.items) {
      const auto* effect = std::get_if<messages::SinkEffect>(&item);
      if (effect == nullptr) continue;
      const auto* start = std::get_if<messages::StartAttempt>(&effect->payload);
      if (start == nullptr) continue;
      if (const auto* exec = std::get_if<messages::Exec>(&start->work))
        started[start->attempt] = exec->env.at("MARK");
    }
  }

  /// The lines which `read` writes, from a process of its own.
  std::set<std::string> from_journal(
      const std::function<void(const persistence::Recording&, std::ostream&)>& read) const {
    const auto file = directory_.path() / "found";
    const auto ended = in_own_process([&] {
      const auto opened = persistence::open_journal_read_only(data() / "journal");
      std::ofstream found(file);
      if (opened) read(*opened.value().recording, found);
      return 0;
    });
    BOOST_REQUIRE_MESSAGE(ended.exit_code == 0, ended.said);
    std::set<std::string> lines;
    std::ifstream found(file);
    for (std::string line; std::getline(found, line);) lines.insert(line);
    return lines;
  }

  PrivateDirectory directory_;
  mutable int processes_ = 0;
};

/// What has been promised so far, and is to be kept to the end.
class Promises {
 public:
  explicit Promises(const World& world) : world_(world) {}

  /// After a process has ended.
  void note() {
    const auto marks = world_.marks();
    for (const auto& mark : world_.durable())
      if (!durable_.contains(mark)) durable_[mark] = marks.at(mark);
  }

  void check(const std::set<std::string>& skipped) const {
    const auto marks = world_.marks();
    for (const auto& [mark, times] : durable_)
      BOOST_TEST(marks.at(mark) == times, "what had a durable end ran again: " << mark);
    for (const auto& mark : marks_once_only) {
      const auto found = marks.find(mark);
      const int times = found == marks.end() ? 0 : found->second;
      const bool may_be_missing = skipped.contains(mark.substr(0, mark.find(' ')));
      BOOST_TEST(times <= 1, mark << " ran " << times << " times");
      BOOST_TEST((times == 1 || may_be_missing), mark << " did not run");
    }
    for (const auto& mark : marks_again_allowed) {
      BOOST_TEST(marks.contains(mark), mark << " did not run");
      if (marks.contains(mark)) BOOST_TEST(marks.at(mark) <= world_.processes());
    }
  }

 private:
  const World& world_;
  std::map<std::string, int> durable_;
};

/// Takes the run to its end, deciding what has to be decided. Gives the steps that were skipped.
std::set<std::string> finish(const World& world) {
  std::set<std::string> skipped;
  auto ended = world.resume();
  while (ended.exit_code == number_of(ExitCode::awaiting_operator)) {
    const auto unknown = world.unknown_steps();
    BOOST_REQUIRE_MESSAGE(!unknown.empty(), ended.said);
    BOOST_REQUIRE(!skipped.contains(*unknown.begin()));
    skipped.insert(*unknown.begin());
    ended = world.skip(*unknown.begin());
  }
  BOOST_REQUIRE_MESSAGE(ended.exit_code == 0, ended.said);
  // Under its key the run is found again, or begun if it had never been.
  ended = world.run("key");
  if (ended.said.find("its plan never came") != std::string::npos)
    ended = world.run("another key");  // its submit had never been acknowledged
  BOOST_REQUIRE_MESSAGE(ended.exit_code == 0, ended.said);
  return skipped;
}

/// False: the run ended before that write.
bool survives(Crash crash) {
  BOOST_TEST_INFO_SCOPE("crash " << (crash.before ? "before" : "after") << " write "
                                 << crash.write);
  const World world;
  Promises promises(world);
  const auto first = world.run("key", crash);
  BOOST_REQUIRE_MESSAGE(first.exit_code == 0 || first.exit_code == crashed, first.said);
  promises.note();
  if (first.exit_code == crashed) {
    const auto second = world.resume({1 + crash.write % 5, crash.before});
    BOOST_TEST_INFO_SCOPE("the first resume ended with " << second.exit_code << "\n"
                                                         << second.said);
    promises.note();
    const auto skipped = finish(world);
    BOOST_TEST_MESSAGE("write " << crash.write << ", then " << second.exit_code << ", skipped "
                                << skipped.size());
    promises.check(skipped);
  } else {
    promises.check({});
  }
  BOOST_TEST(world.differences().empty());
  return first.exit_code == crashed;
}

BOOST_AUTO_TEST_CASE(a_run_is_taken_to_its_end_after_a_crash_before_any_write) {
  int write = 1;
  while (survives({write, true})) ++write;
  BOOST_TEST(write > 10);
  BOOST_TEST_MESSAGE("crashed before each of " << write - 1 << " writes");
}

BOOST_AUTO_TEST_CASE(a_run_is_taken_to_its_end_after_a_crash_after_any_write) {
  int write = 1;
  while (survives({write, false})) ++write;
  BOOST_TEST(write > 10);
  BOOST_TEST_MESSAGE("crashed after each of " << write - 1 << " writes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program::test
