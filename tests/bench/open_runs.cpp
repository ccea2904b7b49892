// bench_open_runs PROGRAM DIRECTORY RUNS: three queens with so many open runs. Prints the queens'
// processes when they are open, and stops them when its input ends.

#include <iostream>
#include <string>

#include "tests/bench/live_hive.hpp"

int main(int count, char** arguments) {
  if (count != 4) {
    std::cerr << "bench_open_runs PROGRAM DIRECTORY RUNS\n";
    return 2;
  }
  queenright::bench::LiveHive hive(arguments[1], arguments[2], 3);
  hive.open_runs(std::stoul(arguments[3]));
  hive.wait_until_whole();
  for (const auto& queen : hive.queens())
    std::cout << hive.processes().process_of(queen.name) << ' ';
  std::cout << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) {
  }
}
