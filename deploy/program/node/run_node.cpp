#include "deploy/program/node/run_node.hpp"

#include <utility>

#include "deploy/program/configuration/descriptions.hpp"
#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/node/live_node.hpp"
#include "deploy/program/node/service_notice.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

ExitCode run_node(const std::filesystem::path& file, bool founding, std::optional<int> fault_line) {
  auto reading = read_node_file(file, node_environment());
  refuse_errors(reading.errors, "the node's configuration");
  std::optional<FaultLine> faults;
  if (fault_line) faults.emplace(*fault_line);
  LiveNode node(std::move(reading.value), founding, faults ? &*faults : nullptr);
  node.start();
  say("queenright: {}", text_of(node.config()));
  notify_service_manager("READY=1\nSTATUS=running");
  const auto end = node.wait();
  notify_service_manager("STOPPING=1\nSTATUS=" + end.reason);
  say("queenright: stopping: {}\n", end.reason);
  node.stop();
  return end.exit_code;
}

}  // namespace queenright::program
