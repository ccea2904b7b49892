#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "actors/edges/child.hpp"
#include "actors/edges/descriptor.hpp"
#include "actors/edges/frame_socket.hpp"
#include "actors/edges/process_table.hpp"
#include "messages/input.hpp"

namespace queenright::edges {

/// The process that spawns, watches and reaps all children of a node: one thread, one loop. It
/// has a session of its own, so a terminal's interrupt does not reach it or its children; it is a
/// child subreaper, so orphans come to it and nobody gets away.
class RunnerProcess {
 public:
  RunnerProcess(Descriptor socket, std::filesystem::path scratch_base);

  /// Serves until the node closes its end of the socket, by will or by death.
  void run();

 private:
  enum class Source : std::uint8_t { node, child_ended, input, output, errors };
  struct Origin {
    Source source{};
    pid_t process{};
  };

  void watch(const Descriptor& descriptor, std::uint32_t events, Origin origin);
  static std::uint64_t token_of(Origin origin);
  static Origin origin_of(std::uint64_t token);

  void serve(const epoll_event& event);
  void serve_node();
  void serve_child(Origin origin);
  void reap();
  void answer();

  void handle(messages::Spawn spawn);
  void handle(const messages::EndChild& end);
  void handle(const messages::SweepCircuit& sweep);
  bool is_wanted(const Process& process) const;
  void end_strays();

  std::filesystem::path scratch_of(messages::CircuitId circuit) const;
  std::string refuse_too_many() const;
  void report(messages::ChildExited exited);

  FrameSocket node_;
  const std::filesystem::path scratch_base_;
  const std::map<std::string, std::string> inherited_;
  Descriptor poll_;
  Descriptor child_ended_;
  bool node_is_there_ = true;
  bool waits_to_send_ = false;
  std::map<pid_t, Child> children_;
  std::map<messages::AttemptId, pid_t> processes_;
  /// When the first child of each circuit that is not yet swept was started (ticks_since_boot).
  std::map<messages::CircuitId, std::uint64_t> unswept_;
};

/// Where an attempt's output is, when that is more than is kept of it; whoever takes it removes it.
std::filesystem::path output_file(const std::filesystem::path& scratch_base,
                                  const messages::AttemptId& attempt);

/// The whole life of the runner process, right after the fork: lets go of all that it has from
/// the node, serves, ends every descendant, exits.
[[noreturn]] void be_runner_process(Descriptor socket, const std::filesystem::path& scratch_base);

}  // namespace queenright::edges
