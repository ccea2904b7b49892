// bench_small_runs PROGRAM DIRECTORY RUNS CLIENTS: so many runs of two noop steps, submitted by
// these clients at once to a hive of three queens. Prints the seconds until all were acknowledged,
// and until all had ended.

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "deploy/program/plan/checked_plan.hpp"
#include "deploy/program/plan/plan_file.hpp"
#include "deploy/program/run/submission.hpp"
#include "tests/bench/live_hive.hpp"

namespace queenright::bench {
namespace {

using std::chrono::steady_clock;

double since(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

void submit_some(const LiveHive& hive, const roles::Plan& plan, std::size_t client,
                 std::size_t runs) {
  const auto queens = hive.queens();
  program::RemoteHive queen(hive.at(queens[client % queens.size()]), true);
  for (std::size_t run = 0; run < runs; ++run)
    program::submit(queen.client(), plan,
                    "small-" + std::to_string(client) + "-" + std::to_string(run), 0);
}

std::size_t succeeded(LiveHive& hive) {
  program::RemoteHive queen(hive.at(hive.queens().front()), true);
  const auto runs = queen.ask("runs", {});
  return static_cast<std::size_t>(std::count_if(
      runs.list()->begin(), runs.list()->end(),
      [](const messages::Value& run) { return *run.map()->at("status").text() == "succeeded"; }));
}

void measure(const std::string& program, const std::filesystem::path& directory, std::size_t runs,
             std::size_t clients) {
  LiveHive hive(program, directory, 3);
  hive.wait_until_whole();
  const auto file = directory / "small.yaml";
  std::ofstream(file) << "plan: small\nsteps:\n  - {id: a, noop: {}}\n"
                         "  - {id: b, needs: [a], noop: {}}\n";
  const auto plan = program::checked_plan(file, {});
  const auto begin = steady_clock::now();
  std::vector<std::thread> threads;
  for (std::size_t client = 0; client < clients; ++client)
    threads.emplace_back([&, client] { submit_some(hive, plan, client, runs / clients); });
  for (auto& thread : threads) thread.join();
  const double acknowledged = since(begin);
  while (succeeded(hive) < runs / clients * clients)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  std::cout << acknowledged << ' ' << since(begin) << '\n';
}

}  // namespace
}  // namespace queenright::bench

int main(int count, char** arguments) {
  try {
    if (count != 5) throw std::invalid_argument("bench_small_runs PROGRAM DIRECTORY RUNS CLIENTS");
    queenright::bench::measure(arguments[1], arguments[2], std::stoul(arguments[3]),
                               std::stoul(arguments[4]));
    return 0;
  } catch (const std::exception& wrong) {
    std::cerr << wrong.what() << '\n';
    return 1;
  }
}
