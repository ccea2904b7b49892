#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/world/observer.hpp"
#include "sim/world/options.hpp"
#include "sim/world/process.hpp"

namespace queenright::sim {

/// A machine of the hive: its clock and its disk, and the process that runs on it, if one does.
class Node {
 public:
  struct Ports {
    Agenda& agenda;
    const messages::Catalogue& catalogue;
    std::function<void(messages::TraceId, const messages::Cause&, messages::Effect)> leaves;
    std::function<void(const persistence::TakenTurn&, messages::Position)> taken;
    std::function<void(messages::Position)> synced;
    std::function<void(const Started&)> started;
    std::function<void(const Ended&)> ended;
    std::function<void(const std::string&)> violated;
  };

  /// `booted` says what every process of it is told, but for incarnation, seed and amnesia.
  Node(Ports ports, const Options& options, messages::Booted booted);

  messages::NodeId id() const { return booted_.node; }
  Disk& disk() { return disk_; }
  const Disk& disk() const { return disk_; }
  Clock& clock() { return clock_; }
  const Process* process() const { return process_.get(); }  ///< null: it is down
  messages::Incarnation incarnation() const { return last_; }
  bool is_paused() const { return paused_; }

  void start();
  void end(std::uint32_t kept_permille, const std::string& reason);
  void lose_directory();
  void pause() { paused_ = true; }
  void resume();
  void set_rate(std::int64_t ppm);
  void tear_last_block();
  void flip_bit();

  /// Lost when no process is there.
  void deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
               messages::Input::Body body);
  /// Calls back while the process of this moment lives and is not paused.
  void at(messages::Instant when, std::function<void()> action);

 private:
  messages::Booted next_boot(persistence::Journal& journal);
  void is_durable(messages::Position position);

  const Ports ports_;
  const std::uint64_t checkpoint_bytes_;
  const election::Rules rules_;
  const messages::Booted booted_;
  Chance chance_;
  Clock clock_;
  Disk disk_;
  std::unique_ptr<Process> process_;
  std::uint64_t life_ = 0;
  messages::Incarnation last_;
  bool lost_ = false;            ///< its directory, and that is not yet known on the new one
  messages::Position known_at_;  ///< when this is durable
  bool paused_ = false;
  std::vector<std::function<void()>> postponed_;
};

}  // namespace queenright::sim
