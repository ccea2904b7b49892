#include "deploy/program/run/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "deploy/program/columns.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

/// The report has all of it.
void tell(const std::string& line) { say("{}\n", shortened(line, widest)); }

}  // namespace

Progress::Style progress_style(bool quiet) {
  if (quiet) return Progress::Style::none;
  const char* term = std::getenv("TERM");
  const bool plain = is_set("CI") || term == nullptr || std::string_view(term) == "dumb";
  return isatty(STDERR_FILENO) == 1 && !plain ? Progress::Style::terminal : Progress::Style::lines;
}

Progress::Progress(Style style, Runs runs, std::size_t steps)
    : style_(style), runs_(std::move(runs)), steps_(steps) {}

void Progress::take(const messages::Events& events) {
  const auto run = runs_.find(events.circuit);
  if (events.missed && run != runs_.end() && style_ != Style::none) {
    clear();
    say("queenright: {}: more has happened meanwhile than its queens remember line by line; its "
        "report has all\n",
        run->second);
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
    if (style_ == Style::lines)
      tell(fmt::format("{}: {} waits: {}", run, event.step, event.reason));
    return;
  }
  if (is_task) {
    if (tasks.running > 0) --tasks.running;
    if (event.state != "waiting" && event.state != "unknown") ++tasks.done;
    if (event.state == "waiting" && style_ == Style::lines)
      tell(fmt::format("{}: {} again soon: {}", run, event.step, event.reason));
    return;
  }
  const bool goes_on = event.state == "waiting" || event.state == "approved";
  if (!goes_on && event.state != "unknown") ++ended_steps_;
  if (!goes_on) running_.erase(name);
  if (style_ == Style::lines)
    tell(fmt::format("{}: {} {}{}", run, event.step, event.state,
                     event.reason.empty() ? "" : " (" + event.reason + ")"));
}

std::string Progress::line() const {
  const auto elapsed = std::chrono::duration_cast<std::chrono::duration<double>>(
      std::chrono::steady_clock::now() - started_);
  const std::string subject =
      runs_.size() == 1 ? runs_.begin()->second : fmt::format("{} runs", runs_.size());
  const std::string ended = steps_ == 0 ? fmt::format("{} steps", ended_steps_)
                                        : fmt::format("{}/{} steps", ended_steps_, steps_);
  std::string text = fmt::format("{}  {}  {:.1f} s", subject, ended, elapsed.count());
  for (const auto& [step, tasks] : running_)
    if (tasks.running > 0)
      text += fmt::format("  {}: {} running, {} done", step, tasks.running, tasks.done);
  return text;
}

void Progress::tick() {
  if (style_ == Style::terminal && status_.is_due()) status_.show(line());
}

void Progress::clear() { status_.clear(); }

}  // namespace queenright::program
