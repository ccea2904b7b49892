#include "deploy/program/run/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "deploy/program/columns.hpp"
#include "deploy/program/run/report_fields.hpp"

namespace queenright::program {

using messages::Value;

namespace {

Value step_profile(const Value::Map& step) {
  std::int64_t busy = 0;
  std::int64_t processor = 0;
  std::int64_t peak = 0;
  std::int64_t attempts = 0;
  const auto& tasks = *step.at("tasks").list();
  for (const auto& task : tasks)
    for (const auto& one : *task.map()->at("attempts").list()) {
      const auto& attempt = *one.map();
      ++attempts;
      busy += number_at(attempt, "milliseconds");
      processor += number_at(attempt, "processor_milliseconds");
      peak = std::max(peak, number_at(attempt, "peak_memory_bytes"));
    }
  return Value::Map{{"step", step.at("id")},     {"milliseconds", number_at(step, "milliseconds")},
                    {"busy_milliseconds", busy}, {"processor_milliseconds", processor},
                    {"peak_memory_bytes", peak}, {"tasks", static_cast<std::int64_t>(tasks.size())},
                    {"attempts", attempts}};
}

/// From the step that ended last back to one that waited for none.
Value::List critical_path(const Value::List& steps) {
  std::map<std::string, const Value::Map*> by_id;
  const Value::Map* last = nullptr;
  for (const auto& step : steps) {
    by_id[*step.map()->at("id").text()] = step.map();
    if (last == nullptr || text_at(*step.map(), "ended") > text_at(*last, "ended"))
      last = step.map();
  }
  Value::List path;
  while (last != nullptr) {
    path.push_back(last->at("id"));
    const Value::Map* before = nullptr;
    for (const auto& need : *last->at("needs").list()) {
      const auto* step = by_id.at(*need.text());
      if (before == nullptr || text_at(*step, "ended") > text_at(*before, "ended")) before = step;
    }
    last = before;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::string seconds(const Value::Map& map, const char* key) {
  return fmt::format("{:.2f} s", static_cast<double>(number_at(map, key)) / 1000);
}

}  // namespace

Value profile_of(const Value& report) {
  const auto& run = *report.map();
  const auto& steps = *run.at("steps").list();
  Value::List profiles;
  for (const auto& step : steps) profiles.push_back(step_profile(*step.map()));
  std::stable_sort(profiles.begin(), profiles.end(), [](const Value& a, const Value& b) {
    return number_at(*a.map(), "milliseconds") > number_at(*b.map(), "milliseconds");
  });
  return Value::Map{{"milliseconds", number_at(run, "milliseconds")},
                    {"steps", std::move(profiles)},
                    {"critical_path", critical_path(steps)}};
}

std::string profile_text(const Value& profile) {
  static constexpr std::size_t shown = 30;
  const auto& told = *profile.map();
  const auto& steps = *told.at("steps").list();
  std::size_t width = 4;
  for (const auto& step : steps) width = width_with(width, text_at(*step.map(), "step"), 30);
  std::string text = fmt::format("  {:<{}}  {:>10} {:>10} {:>10} {:>9} {:>7} {:>8}\n", "STEP",
                                 width, "TOOK", "BUSY", "PROCESSOR", "PEAK", "TASKS", "ATTEMPTS");
  for (std::size_t i = 0; i < std::min(steps.size(), shown); ++i) {
    const auto& step = *steps[i].map();
    text += fmt::format("  {}  {:>10} {:>10} {:>10} {:>5} MiB {:>6} {:>8}\n",
                        cell(text_at(step, "step"), 2, width), seconds(step, "milliseconds"),
                        seconds(step, "busy_milliseconds"), seconds(step, "processor_milliseconds"),
                        number_at(step, "peak_memory_bytes") >> 20, number_at(step, "tasks"),
                        number_at(step, "attempts"));
  }
  if (steps.size() > shown) text += fmt::format("  and {} more\n", steps.size() - shown);
  std::string path;
  const auto& critical = *told.at("critical_path").list();
  for (std::size_t i = 0; i < std::min(critical.size(), shown); ++i)
    path += (i == 0 ? "" : ", ") + *critical[i].text();
  return text + folded("what took longest, one after the other: " + path +
                           (critical.size() > shown ? ", ..." : ""),
                       "  ");
}

}  // namespace queenright::program
