#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "election/queen.hpp"

namespace queenright::election {

using messages::Answered;
using messages::AppliedEntry;
using messages::Input;
using messages::RunEvent;
using messages::Submit;

/// A queen by herself: the test plays her disk, her circuits, their sinks and her clients. What
/// she says is sorted by kind; a test takes it out with `taken`.
class LoneQueen {
 public:
  void boot(std::vector<CircuitId> held = {});
  void boot_again(
      std::vector<CircuitId> held = {});  ///< as after a crash: what was under way is lost

  void wait(Duration span);
  void due();  ///< waits until her deadline, and tells her; there must be one

  void submit(const Submit& submit, const Address& from);
  void watch(CircuitId circuit, const Address& from, messages::LogIndex since = {});
  void unwatch(const Address& from);
  void inspect(const messages::Inspect& wanted, const Address& from);
  void drain(const std::string& reason);
  void sync_once();  ///< brings back every vote and Self that she has said so far
  void sync();       ///< and those which that made her say

  void applied(messages::Applied applied);
  void applied(CircuitId circuit, AppliedEntry made);
  void apply(const messages::Committed& committed, bool finished = false,
             std::optional<Duration> deadline = {});  ///< all of it, without effects
  void acknowledge(const messages::SinkEffect& effect, bool refused = false);

  QueenState state() const;
  const Replica& replica(CircuitId circuit);
  std::optional<Instant> deadline() const { return queen_->deadline(); }
  Instant now() const { return now_; }
  const std::vector<Input>& inputs() const { return inputs_; }

  std::vector<messages::OwnVote> votes;
  std::vector<messages::Self> selves;
  std::vector<messages::Committed> committed;
  std::vector<messages::Reply> replies;
  std::vector<messages::Answer> answers;
  std::vector<Address> answered_to;  ///< whom the replies went to
  std::vector<messages::SinkEffect> effects;
  std::vector<messages::Events> events;
  std::vector<messages::RoleId> retired;

 private:
  void take(Input::Body body);
  void sort(const messages::Effect& effect);

  std::unique_ptr<Queen> queen_ = std::make_unique<Queen>();
  Instant now_{std::chrono::hours{1}};
  messages::WallTime wall_{1'700'000'000'000};
  std::uint32_t incarnation_ = 0;
  std::vector<Input> inputs_;
  QueenState seen_;
};

template <class T>
std::vector<T> taken(std::vector<T>& list) {
  return std::exchange(list, {});
}

/// The only one that there is of something.
template <class T>
T only(std::vector<T>& list) {
  messages::ensure(list.size() == 1, "the test expects exactly one");
  return taken(list).front();
}

inline constexpr CircuitId first_run{1};
inline constexpr Address queen_address{{1}, {messages::RoleKind::queen, 0}};
inline constexpr Address worker_address{{1}, {messages::RoleKind::worker, 0}};
inline constexpr Address client{{1}, {messages::RoleKind::client, 1}};
inline constexpr Address other_client{{1}, {messages::RoleKind::client, 2}};

Submit open_run(const std::string& key, const std::string& plan = "plan");
Submit cancel(CircuitId circuit, const std::string& key, const std::string& reason = "why not");
messages::CircuitEffect start_attempt(std::uint32_t task);
AppliedEntry made_of(const messages::Committed& committed, std::vector<CircuitEffect> effects = {});

/// She leads the hive circuit, and nothing is under way.
LoneQueen leading();

/// And she has opened the first run's circuit, which she leads too.
LoneQueen leading_a_run();

/// And its last command has asked for these effects, which nobody has confirmed yet.
LoneQueen with_effects(std::vector<CircuitEffect> effects);

}  // namespace queenright::election
