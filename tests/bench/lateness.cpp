// bench_lateness PROGRAM DIRECTORY quiet|busy|slow-disk SECONDS: how much later than it was due a
// queen's step comes, of three queens. busy: their worker's task computes on four times as many
// threads as there are processors; slow-disk: that, and each sync of the root takes 300 ms longer.
// From the recordings, since a role's deadline is part of its state. Prints, in milliseconds, the
// median, the 99.9th percentile and the worst of all queens, and how many steps there were.

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "actors/host/node_clock.hpp"
#include "actors/roles/catalogue.hpp"
#include "deploy/program/plan/checked_plan.hpp"
#include "deploy/program/plan/plan_file.hpp"
#include "deploy/program/records/recording_at.hpp"
#include "deploy/program/run/submission.hpp"
#include "persistence/replay.hpp"
#include "tests/bench/live_hive.hpp"

namespace queenright::bench {
namespace {

using messages::Instant;
using std::chrono::milliseconds;

constexpr milliseconds slower{300};

/// Looks at each alarm of a queen from a time on.
class Alarms : public persistence::ReplayWatcher {
 public:
  explicit Alarms(Instant since) : since_(since) {}

  void taking(messages::Position, const persistence::ActiveRole& role,
              const messages::Input& input) override {
    if (input.now < since_ || !std::holds_alternative<messages::Due>(input.body)) return;
    const auto due = role.role->deadline();
    if (due && *due <= input.now)
      late_.push_back(std::chrono::duration<double, std::milli>(input.now - *due).count());
  }
  void took(const persistence::ActiveRole&, const std::vector<messages::Effect>&,
            const std::vector<std::uint64_t>&) override {}

  const std::vector<double>& late() const { return late_; }

 private:
  const Instant since_;
  std::vector<double> late_;
};

/// A run whose step computes for ever.
void keep_busy(LiveHive& hive, const std::filesystem::path& directory) {
  const auto file = directory / "busy.yaml";
  std::ofstream plan(file);
  plan << "plan: busy\nsteps:\n  - {id: s, exec: [sh, -c, \"for i in $(seq "
       << 4 * std::thread::hardware_concurrency() << "); do while :; do :; done & done; wait\"]}\n";
  plan.close();
  program::RemoteHive queen(hive.at(hive.queens().front()), true);
  program::submit(queen.client(), program::checked_plan(file, {}), "busy", 0);
}

void slow_down(LiveHive& hive, messages::NodeId root) {
  if (!hive.processes().tell(hive.node(root).name, program::SlowDisk{slower}, milliseconds{5000}))
    throw std::runtime_error("a node does not obey");
}

std::vector<double> late_steps(const std::filesystem::path& recording, Instant since) {
  const auto opened = program::open_recording_at(recording);
  const roles::RoleCatalogue catalogue(roles::embedded_supervision());
  Alarms alarms(since);
  persistence::Replay replay(catalogue, *opened);
  replay.only(messages::queen_role());
  replay.watched_by(alarms);
  if (const auto done = replay.run({}); !done) throw std::runtime_error(done.reason());
  return alarms.late();
}

std::vector<double> measure(const std::string& program, const std::filesystem::path& directory,
                            const std::string& kind, double seconds) {
  LiveHive hive(program, directory, 3);
  const auto root = hive.wait_until_whole();
  if (kind != "quiet") keep_busy(hive, directory);
  if (kind == "slow-disk") slow_down(hive, root);
  const Instant since = host::NodeClock().now();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  hive.processes().stop();
  std::vector<double> late;
  for (const auto& queen : hive.queens()) {
    const auto some = late_steps(directory / queen.name, since);
    late.insert(late.end(), some.begin(), some.end());
  }
  std::sort(late.begin(), late.end());
  return late;
}

}  // namespace
}  // namespace queenright::bench

int main(int count, char** arguments) {
  using namespace queenright;
  if (count != 5) {
    std::cerr << "bench_lateness PROGRAM DIRECTORY quiet|busy|slow-disk SECONDS\n";
    return 2;
  }
  const auto late =
      bench::measure(arguments[1], arguments[2], arguments[3], std::stod(arguments[4]));
  if (late.empty()) return 1;
  std::cout << late[late.size() / 2] << ' ' << late[late.size() * 999 / 1000] << ' ' << late.back()
            << ' ' << late.size() << std::endl;
}
