#include "deploy/program/node/run_node.hpp"

#include <sys/resource.h>

#include <utility>

#include "deploy/program/configuration/descriptions.hpp"
#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/node/live_node.hpp"
#include "deploy/program/node/service_notice.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::LogLevel;

namespace {

/// Each connection takes one, and strangers may open many.
void allow_all_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

ExitCode run_node(const std::filesystem::path& file, FirstStart first_start,
                  std::optional<int> fault_line) {
  const auto read = [file] { return read_node_file(file, node_environment()); };
  allow_all_descriptors();
  auto reading = read();
  refuse_errors(reading.errors, "the node's configuration");
  NodeLog log(reading.value.log);
  const std::string description = text_of(reading.value);
  std::optional<FaultLine> faults;
  if (fault_line) faults.emplace(*fault_line);
  LiveNode node(std::move(reading.value), std::move(first_start), read, log,
                faults ? &*faults : nullptr);
  node.start();
  if (log.level() >= LogLevel::info) say("queenright: {}", description);
  notify_service_manager("READY=1\nSTATUS=running");
  const auto end = node.wait();
  notify_service_manager("STOPPING=1\nSTATUS=" + end.reason);
  log.write(end.exit_code == ExitCode::success ? LogLevel::info : LogLevel::error,
            "stopping: " + end.reason);
  node.stop();
  return end.exit_code;
}

}  // namespace queenright::program
