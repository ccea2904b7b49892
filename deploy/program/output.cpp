#include "deploy/program/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "deploy/program/colour.hpp"
#include "deploy/program/columns.hpp"

namespace queenright::program {

using messages::Value;
using nlohmann::json;

namespace {

constexpr std::size_t widest_id = 30;          // then the rest of its line has room
constexpr std::size_t widest_run = 49;         // likewise
constexpr std::size_t shown_diagnostics = 10;  // lines
constexpr std::size_t shown_failures = 5;      // of one step

std::string counted(std::size_t number, const char* one, const char* many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string span_text(const json& object) {
  const auto span = object.find("milliseconds");
  if (span == object.end()) return "";
  return fmt::format("{:.2f} s", span->get<double>() / 1000);
}

void append_failures(std::string& out, const json& step) {
  std::size_t shown = 0;
  for (const auto& task : step["tasks"]) {
    const auto status = text_at(task, "status");
    if (status == "succeeded" || status == "skipped" || status == "cancelled") continue;
    if (++shown > shown_failures) {
      out += "      ...\n";
      return;
    }
    const auto reason = text_at(task, "reason");
    if (step["fans_out"].get<bool>())
      out += folded(fmt::format("task {}: {}{}", task["element"].get<int>(), status,
                                reason.empty() ? "" : " " + reason),
                    "      ");
    else if (reason.size() > widest / 3)  // cut in the step's own line
      out += folded(reason, "      ");
    if (task["attempts"].empty()) continue;
    std::istringstream lines(text_at(task["attempts"].back(), "diagnostics"));
    std::string line;
    for (std::size_t i = 0; i < shown_diagnostics && std::getline(lines, line); ++i)
      out += "        | " + shortened(line, widest - 10) + "\n";
  }
}

/// What was done to take it back.
void append_rollbacks(std::string& out, const json& step) {
  if (!step.contains("rollbacks")) return;
  std::size_t undone = 0;
  for (const auto& task : step["rollbacks"]) {
    if (text_at(task, "status") == "succeeded")
      ++undone;
    else
      out += folded("undoing it: " + text_at(task, "status") + " " + text_at(task, "reason"),
                    "      ");
  }
  if (undone > 0)
    out += undone == 1 ? "      undone\n" : fmt::format("      {} tasks undone\n", undone);
}

std::string step_line(const json& step, std::size_t id_width) {
  const auto& tasks = step["tasks"];
  std::size_t retries = 0;
  for (const auto& task : tasks) retries += std::max<std::size_t>(task["attempts"].size(), 1) - 1;
  std::string count = counted(tasks.size(), "task", "tasks");
  if (retries > 0) count += ", " + counted(retries, "retry", "retries");
  const auto status = text_at(step, "status");
  std::string line = "  " + cell(printable(text_at(step, "id")), 2, id_width);
  const auto fixed = fmt::format("  {:<9}  {:<10} {:>8}", status, count, span_text(step));
  const auto column = 2 + id_width + fixed.size();
  line = coloured(line + fixed, status, line.size());
  std::string more = text_at(step, "reason");
  if (more.empty() && tasks.size() == 1 && tasks[0].contains("output"))
    more = tasks[0]["output"].is_string() ? tasks[0]["output"].get<std::string>()
                                          : tasks[0]["output"].dump();
  if (!more.empty() && column + 10 < widest) line += "  " + shortened(more, widest - column - 2);
  return line + "\n";
}

void append_openings(std::string& out, const json& breakers) {
  std::size_t shown = 0;
  for (const auto& opening : breakers) {
    if (++shown > shown_failures) {
      out += "  ...\n";
      return;
    }
    const auto step = text_at(opening, "step");
    out += folded(fmt::format("breaker of {} opened{}: {}", text_at(opening, "worker"),
                              step.empty() ? "" : " for step " + step, text_at(opening, "reason")),
                  "  ");
  }
}

std::string human_report(const json& report) {
  const auto run = text_at(report, "run");
  const auto status = text_at(report, "status");
  std::string out = run + " " + status;
  if (const auto span = span_text(report); !span.empty()) out += " after " + span;
  if (const auto reason = text_at(report, "reason"); !reason.empty()) out += ": " + reason;
  out = coloured(folded(out, "", run.size()), status, run.size());
  std::size_t id_width = 4;
  for (const auto& step : report["steps"])
    id_width = width_with(id_width, text_at(step, "id"), widest_id);
  for (const auto& step : report["steps"]) {
    out += step_line(step, id_width);
    append_failures(out, step);
    append_rollbacks(out, step);
  }
  if (!report.contains("resources")) return out;
  const auto& use = report["resources"];
  out += fmt::format("  {}, {}, {:.2f} s of processor time, peak {} MiB a child\n",
                     counted(use["attempts"], "attempt", "attempts"),
                     counted(use["retries"], "retry", "retries"),
                     use["processor_milliseconds"].get<double>() / 1000,
                     use["peak_memory_bytes"].get<std::int64_t>() >> 20);
  if (report.contains("breakers")) append_openings(out, report["breakers"]);
  for (const auto& leader : report["leaders"])
    out += fmt::format("  led by {} in epoch {}\n", text_at(leader, "root"),
                       leader["epoch"].get<std::int64_t>());
  out += folded(
      fmt::format("key {}, trace {}; journal: {}, entry {}", text_at(report["correlation"], "key"),
                  text_at(report["correlation"], "trace"), text_at(report["journal"], "role"),
                  report["journal"]["last_entry"].get<std::int64_t>()),
      "  ");
  return out;
}

std::string human_runs(const json& runs) {
  if (runs.empty()) return "no runs yet\n";
  std::size_t width = 3;
  for (const auto& run : runs) width = width_with(width, text_at(run, "run"), widest_run);
  std::string out =
      fmt::format("{:<{}}  {:<17}  {:>4}  {}\n", "RUN", width, "STATUS", "EXIT", "OPENED");
  for (const auto& run : runs) {
    const auto name = cell(text_at(run, "run"), 0, width);
    const auto status = text_at(run, "status");
    const auto row = fmt::format("{}  {:<17}  {:>4}  {}\n", name, status,
                                 run["exit_code"].is_null() ? "-" : run["exit_code"].dump(),
                                 text_at(run, "opened"));
    out += coloured(row, status, name.size());
  }
  return out;
}

}  // namespace

std::string report_text(const Value& report, Format format) {
  if (format != Format::human) return formatted(report, format);
  return human_report(json::parse(to_json(report)));
}

std::string runs_text(const Value& runs, Format format) {
  if (format != Format::human) return formatted(runs, format);
  return human_runs(json::parse(to_json(runs)));
}

}  // namespace queenright::program
