#include "deploy/program/run/follow.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/run/submission.hpp"
#include "deploy/program/say.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <string_view>
#include <utility>

namespace queenright::program {

using messages::CircuitId;

namespace {

constexpr auto redraw_every = std::chrono::milliseconds{100};

}  // namespace

bool is_closed_or_waits(std::string_view state) {
  return state == "closed" || state == "awaiting_operator";
}

bool is_over_or_waits(std::string_view state) {
  return is_closed_or_waits(state) || messages::is_over(state);
}

ExitCode follow(Client& client, Progress& progress, const Runs& runs, FollowedTo is_followed_to,
                Interruption interruption) {
  std::set<CircuitId> open;
  for (const auto& [circuit, name] : runs) open.insert(circuit);
  std::set<CircuitId> elsewhere;
  ExitCode exit_code = ExitCode::success;
  for (;;) {
    // What was heard already may tell that a run which waited goes on.
    const auto happening = client.next(open.empty() ? std::chrono::milliseconds{0} : redraw_every);
    if (open.empty() && !(happening && std::holds_alternative<messages::Events>(*happening))) break;
    progress.tick();
    if (!happening)
      for (const auto circuit : std::exchange(elsewhere, {})) client.watch(circuit);
    if (!happening) continue;
    if (const auto* events = std::get_if<messages::Events>(&*happening)) {
      progress.take(*events);
      for (const auto& event : events->events) {
        if (!event.step.empty() || event.state == "elsewhere") continue;
        if (!runs.contains(events->circuit)) continue;
        if (is_followed_to(event.state))
          open.erase(events->circuit);
        else
          open.insert(events->circuit);
      }
      if (!events->events.empty() && events->events.back().state == "elsewhere")
        elsewhere.insert(events->circuit);
    } else if (const auto* stop = std::get_if<messages::StopNode>(&*happening)) {
      progress.clear();
      say("{}", folded("queenright: stopped: " + stop->reason, ""));
      return static_cast<ExitCode>(stop->exit_code);
    } else {
      exit_code = ExitCode::interrupted;
      progress.clear();
      if (interruption == Interruption::leaves) {
        say("queenright: interrupted; what was followed goes on\n");
        return exit_code;
      }
      say("queenright: interrupted; cancelling (once more: end at once)\n");
      for (const auto circuit : open)
        client.ask(decision_about(circuit, messages::CancelRun{"interrupted"}));
    }
  }
  progress.clear();
  return exit_code;
}

}  // namespace queenright::program
