#pragma once

#include <memory>
#include <vector>

#include "messages/role.hpp"

namespace queenright::roles {

/// Stands in for a circuit's queen: commits one command after another to one circuit's role.
class Applier {
 public:
  explicit Applier(messages::CircuitId circuit);

  /// Commits the command, and gives what the circuit made of it.
  messages::AppliedEntry commit(messages::Command command);

  /// Says the last one again.
  std::vector<messages::Effect> say_again();
  std::vector<messages::Effect> take(messages::Input::Body body);

  void wait(messages::Duration span);
  void jump_wall(std::int64_t milliseconds) { wall_.milliseconds += milliseconds; }

  /// From now on this queen is the root.
  void lead(messages::Epoch epoch, messages::NodeId root);

  void restore();  ///< from its own snapshot

  messages::Role& role() { return *role_; }
  const messages::Role& role() const { return *role_; }
  const messages::Applied& applied() const { return applied_; }  ///< the last one, whole
  messages::Duration circuit_time() const { return circuit_time_; }
  const std::vector<messages::Input>& inputs() const { return inputs_; }

  std::uint64_t seed = 1;        ///< of the next command
  bool restores_always = false;  ///< before each input
  bool remembers = true;         ///< the inputs

 private:
  messages::CircuitId circuit_;
  std::unique_ptr<messages::Role> role_;
  messages::LogIndex index_;
  messages::Epoch epoch_{1};
  messages::NodeId root_{1};
  messages::Duration circuit_time_{};
  messages::WallTime wall_{1'700'000'000'000};
  messages::Committed committed_;
  messages::Applied applied_;
  std::vector<messages::Input> inputs_;
};

std::unique_ptr<messages::Role> make_role(messages::RoleId role);
std::unique_ptr<messages::Role> restore_role(messages::RoleId role, const std::string& snapshot);

inline constexpr messages::Address queen_address{{1}, {messages::RoleKind::queen, 0}};
inline constexpr messages::Address worker_address{{1}, {messages::RoleKind::worker, 0}};
inline constexpr messages::Address other_worker{{2}, {messages::RoleKind::worker, 0}};

/// A worker with four slots, as the hive circuit tells of it.
messages::OfferWorker offer_of(const messages::Address& worker);

/// The effects of one kind, in their order.
template <class Kind>
std::vector<Kind> of_kind(const std::vector<messages::CircuitEffect>& effects) {
  std::vector<Kind> chosen;
  for (const auto& effect : effects)
    if (const auto* one = std::get_if<Kind>(&effect)) chosen.push_back(*one);
  return chosen;
}

}  // namespace queenright::roles
