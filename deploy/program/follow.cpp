#include "deploy/program/follow.hpp"
#include "deploy/program/say.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <string_view>

namespace queenright::program {

using messages::CircuitId;

namespace {

constexpr auto redraw_every = std::chrono::milliseconds{100};

/// A circuit closes when its run is over and the hive circuit knows it.
bool waits_no_more(std::string_view state) {
  return state == "closed" || state == "awaiting_operator";
}

}  // namespace

ExitCode follow(Client& client, Progress& progress, const Runs& runs) {
  std::set<CircuitId> open;
  for (const auto& [circuit, name] : runs) open.insert(circuit);
  ExitCode exit_code = ExitCode::success;
  while (!open.empty()) {
    const auto happening = client.next(redraw_every);
    progress.tick();
    if (!happening) continue;
    if (const auto* events = std::get_if<messages::Events>(&*happening)) {
      progress.take(*events);
      for (const auto& event : events->events)
        if (event.step.empty() && waits_no_more(event.state)) open.erase(events->circuit);
    } else if (const auto* stop = std::get_if<messages::StopNode>(&*happening)) {
      progress.clear();
      say("queenright: stopped: {}\n", stop->reason);
      return static_cast<ExitCode>(stop->exit_code);
    } else {
      exit_code = ExitCode::interrupted;
      progress.clear();
      say("queenright: interrupted; cancelling (once more: end at once)\n");
      for (const auto circuit : open)
        client.ask({circuit, {"cancel", 0}, messages::CancelRun{"interrupted"}});
    }
  }
  progress.clear();
  return exit_code;
}

}  // namespace queenright::program
