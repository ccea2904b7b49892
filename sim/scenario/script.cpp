#include "sim/scenario/script.hpp"

#include "sim/faults/time_text.hpp"
#include "sim/world/hive_view.hpp"

namespace queenright::sim {
namespace {

std::string act(const Action& action, World& world) {
  switch (action.kind) {
    case Action::Kind::submit:
      for (std::int64_t i = 0; i < action.count; ++i) world.submit_run(action.queen, action.work);
      break;
    case Action::Kind::cancel: world.cancel_run(action.run, action.queen); break;
    case Action::Kind::stop_clients: world.stop_clients(); break;
    case Action::Kind::explain:
      return "at " + time_text(action.at) + ": " + explained(world, action.queen, action.run);
  }
  return "";
}

}  // namespace

std::vector<Doing> doings_of(const Scenario& scenario) {
  std::vector<Doing> doings;
  for (const auto& action : scenario.actions)
    doings.push_back({action.at, [action](World& world) { return act(action, world); }});
  return doings;
}

}  // namespace queenright::sim
