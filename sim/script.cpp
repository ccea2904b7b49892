#include "sim/script.hpp"

namespace queenright::sim {
namespace {

void act(const Action& action, World& world) {
  switch (action.kind) {
    case Action::Kind::submit:
      for (std::int64_t i = 0; i < action.count; ++i) world.submit_run(action.queen);
      return;
    case Action::Kind::cancel: return world.cancel_run(action.run, action.queen);
    case Action::Kind::stop_clients: return world.stop_clients();
  }
}

}  // namespace

std::vector<Doing> doings_of(const Scenario& scenario) {
  std::vector<Doing> doings;
  for (const auto& action : scenario.actions)
    doings.push_back({action.at, [action](World& world) { act(action, world); }});
  return doings;
}

}  // namespace queenright::sim
