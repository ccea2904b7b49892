#include "deploy/program/records/again.hpp"

#include "actors/roles/circuit/reusable.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::Refusal;
using messages::Result;

Result<Again> begin_again(const roles::CircuitState& state) {
  if (!messages::is_over(state.status)) return Refusal{state.run + " is not over"};
  if (state.status == messages::RunStatus::succeeded)
    return Refusal{state.run + " has succeeded: submit the plan for another run"};
  auto [reused, undecided] = roles::reusable(state);
  std::uint64_t bytes = 0;
  for (const auto& one : reused)
    bytes += to_json(one.outputs).size() + to_json(one.elements).size();
  if (bytes > roles::max_reused_bytes)
    return Refusal{"what " + state.run +
                   " has given is more than 8 MiB, too much to be reused: "
                   "submit the plan again"};
  return Again{{messages::encode(state.plan), state.plan_hash, {}, {}, std::move(reused)},
               std::move(undecided)};
}

}  // namespace queenright::program
