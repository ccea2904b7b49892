#include "deploy/program/run/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "deploy/program/columns.hpp"
#include "deploy/program/run/report_fields.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/terminal.hpp"

namespace queenright::program {
namespace {

constexpr std::size_t shortest_name = 8;

/// The report has all of it. A long name has a line of its own.
void tell(const std::string& run, const std::string& what) {
  const bool is_long = run.size() > widest / 2;
  const auto begun = run + (is_long ? ":\n  " : ": ");
  say("{}{}\n", begun, shortened(what, widest - (is_long ? 2 : begun.size())));
}

/// Names make room for figures.
std::string named(const std::string& name, const std::string& figures, std::size_t width) {
  const auto room = width > figures.size() ? width - figures.size() : 0;
  return shortened(name, std::max(room, shortest_name)) + figures;
}

}  // namespace

Progress::Style progress_style(bool quiet) {
  if (quiet) return Progress::Style::none;
  return is_capable_terminal(STDERR_FILENO) ? Progress::Style::terminal : Progress::Style::lines;
}

Progress::Progress(Style style, Runs runs, std::size_t steps)
    : style_(style), runs_(std::move(runs)), steps_(steps) {}

void Progress::begin_at(std::size_t steps, std::size_t ended) {
  steps_ = steps;
  ended_steps_ = ended;
}

void Progress::begin_at(const messages::Value::Map& summary) {
  const auto& steps = map_at(summary, "steps");
  const auto ended = std::count_if(steps.begin(), steps.end(), [](const auto& step) {
    const auto& status = *step.second.text();
    return status != "waiting" && status != "ready" && status != "assigned" && status != "unknown";
  });
  begin_at(steps.size(), static_cast<std::size_t>(ended));
}

void Progress::take(const messages::Events& events) {
  const auto run = runs_.find(events.circuit);
  if (events.missed && run != runs_.end() && style_ != Style::none) {
    clear();
    const auto name = run->second + ":";
    say("{}", folded("queenright: " + name +
                         " more has happened meanwhile than its queens remember line by line; its "
                         "report has all",
                     "", name.size()));
  }
  for (const auto& event : events.events)
    if (!event.step.empty() && run != runs_.end()) take(run->second, event);
  tick();
}

void Progress::take(const std::string& run, const messages::RunEvent& event) {
  const bool is_task = event.attempt.value > 0 || event.element > 0;
  const std::string name = runs_.size() == 1 ? event.step : run + " " + event.step;
  auto& tasks = running_[name];
  if (event.state == "assigned") {
    ++tasks.running;
    return;
  }
  if (event.state == "ready") {
    if (is_task && tasks.running > 0) --tasks.running;
    if (style_ == Style::lines) tell(run, fmt::format("{} waits: {}", event.step, event.reason));
    return;
  }
  if (is_task) {
    if (tasks.running > 0) --tasks.running;
    if (event.state != "waiting" && event.state != "unknown") ++tasks.done;
    if (event.state == "waiting" && style_ == Style::lines)
      tell(run, fmt::format("{} again soon: {}", event.step, event.reason));
    return;
  }
  const bool goes_on = event.state == "waiting" || event.state == "approved";
  if (!goes_on && event.state != "unknown") ++ended_steps_;
  if (!goes_on) running_.erase(name);
  if (style_ == Style::lines)
    tell(run, fmt::format("{} {}{}", event.step, event.state,
                          event.reason.empty() ? "" : " (" + event.reason + ")"));
}

std::string Progress::line(std::size_t width) const {
  const auto elapsed = std::chrono::duration_cast<std::chrono::duration<double>>(
      std::chrono::steady_clock::now() - started_);
  const std::string subject =
      runs_.size() == 1 ? runs_.begin()->second : fmt::format("{} runs", runs_.size());
  const std::string ended = steps_ == 0 ? fmt::format("{} steps", ended_steps_)
                                        : fmt::format("{}/{} steps", ended_steps_, steps_);
  std::string text = named(subject, fmt::format("  {}  {:.1f} s", ended, elapsed.count()), width);
  for (const auto& [step, tasks] : running_) {
    if (tasks.running == 0) continue;
    const auto figures = fmt::format(": {} running, {} done", tasks.running, tasks.done);
    if (text.size() + 2 + shortest_name + figures.size() > width) break;
    text += "  " + named(step, figures, width - text.size() - 2);
  }
  return text;
}

void Progress::tick() {
  if (style_ == Style::terminal && status_.is_due()) status_.show(line(StatusLine::width()));
}

void Progress::clear() { status_.clear(); }

}  // namespace queenright::program
