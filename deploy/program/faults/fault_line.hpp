#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "actors/edges/descriptor.hpp"
#include "actors/host/node_clock.hpp"
#include "deploy/program/faults/fault_order.hpp"
#include "deploy/program/faults/moved_clock.hpp"
#include "persistence/journal.hpp"

namespace queenright::program {

/// The node's end of its fault line: does what the parent process says, and answers each line with
/// "ok" or "refused: WHY". A line that is too long ends it. When the parent is gone all is healed.
class FaultLine {
 public:
  /// Cuts a peer, or joins it again; false: there is no such peer.
  using Cut = std::function<bool(const CutPeer&)>;

  /// `descriptor` is a connected stream socket, which it owns from now on. Throws Failure: usage.
  explicit FaultLine(int descriptor);
  ~FaultLine();
  FaultLine(const FaultLine&) = delete;
  FaultLine& operator=(const FaultLine&) = delete;

  /// The node's clock; it lives as long as this.
  const messages::Clock& clock() const { return clock_; }

  /// The journal on a disk that can be slow and full. This outlives it.
  std::unique_ptr<persistence::Journal> on_its_disk(std::unique_ptr<persistence::Journal> journal);

  /// Listens from now on, on a thread of its own.
  void start(Cut cut);

  /// Heals all, and listens no more.
  void stop();

 private:
  void listen();
  std::string answer_to(std::string_view line);
  void say(const std::string& answer) const;
  void write_waits() const;
  void heal();

  bool obey(const CutPeer& cut);
  bool obey(const SlowDisk& slow);
  bool obey(const FullDisk& full);
  bool obey(const MoveClock& move);
  bool obey(const Heal& heal);

  const edges::Descriptor socket_;
  const host::NodeClock machine_;
  MovedClock clock_;
  std::atomic<std::chrono::milliseconds> each_write_{std::chrono::milliseconds{}};
  std::atomic<bool> is_full_{false};
  Cut cut_;                             ///< once started
  std::set<messages::NodeId> cut_off_;  ///< of its thread
  std::thread thread_;
};

}  // namespace queenright::program
