#include "deploy/program/run/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "deploy/program/colour.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/run/report_fields.hpp"

namespace queenright::program {

using messages::Value;

namespace {

constexpr std::size_t widest_id = 30;          // then the rest of its line has room
constexpr std::size_t widest_run = 49;         // likewise
constexpr std::size_t shown_diagnostics = 10;  // lines
constexpr std::size_t shown_failures = 5;      // of one step

template <class Number>
std::string counted(Number number, const char* one, const char* many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string seconds_text(std::int64_t milliseconds) {
  return fmt::format("{:.2f} s", static_cast<double>(milliseconds) / 1000);
}

std::string span_text(const Value::Map& part) {
  return part.contains("milliseconds") ? seconds_text(number_at(part, "milliseconds")) : "";
}

/// What its last attempt wrote to stderr, or else what it wrote at all.
void append_last_words(std::string& out, const Value::Map& task) {
  const auto& attempts = list_at(task, "attempts");
  if (attempts.empty()) return;
  const auto& last = *attempts.back().map();
  auto words = text_at(last, "diagnostics");
  if (words.empty()) words = text_at(last, "output_end");
  std::istringstream lines(words);
  std::string line;
  for (std::size_t i = 0; i < shown_diagnostics && std::getline(lines, line); ++i)
    out += "        | " + shortened(line, widest - 10) + "\n";
}

void append_failures(std::string& out, const Value::Map& step) {
  std::size_t shown = 0;
  for (const auto& one : list_at(step, "tasks")) {
    const auto& task = *one.map();
    const auto status = text_at(task, "status");
    if (status == "succeeded" || status == "skipped" || status == "cancelled") continue;
    if (++shown > shown_failures) {
      out += "      ...\n";
      return;
    }
    const auto reason = text_at(task, "reason");
    if (*step.at("fans_out").boolean())
      out += folded(fmt::format("element {}: {}{}", number_at(task, "element"), status,
                                reason.empty() ? "" : ": " + reason),
                    "      ");
    else if (reason.size() > widest / 3)  // cut in the step's own line
      out += folded(reason, "      ");
    append_last_words(out, task);
  }
}

/// What was done to take it back.
void append_rollbacks(std::string& out, const Value::Map& step) {
  std::size_t undone = 0;
  for (const auto& one : list_at(step, "rollbacks")) {
    const auto& task = *one.map();
    if (text_at(task, "status") == "succeeded") {
      ++undone;
      continue;
    }
    const auto element = *step.at("fans_out").boolean()
                             ? fmt::format("element {}", number_at(task, "element"))
                             : std::string("it");
    out += folded(fmt::format("undoing {}: {}: {}", element, text_at(task, "status"),
                              text_at(task, "reason")),
                  "      ");
    append_last_words(out, task);
  }
  if (undone > 0)
    out += undone == 1 ? "      undone\n" : fmt::format("      {} tasks undone\n", undone);
}

std::string step_line(const Value::Map& step, std::size_t id_width) {
  const auto& tasks = list_at(step, "tasks");
  std::size_t retries = 0;
  for (const auto& task : tasks)
    retries += std::max<std::size_t>(list_at(*task.map(), "attempts").size(), 1) - 1;
  std::string count = counted(tasks.size(), "task", "tasks");
  if (retries > 0) count += ", " + counted(retries, "retry", "retries");
  const auto status = text_at(step, "status");
  std::string line = "  " + cell(printable(text_at(step, "id")), 2, id_width);
  const auto fixed = fmt::format("  {:<9}  {:<10} {:>8}", status, count, span_text(step));
  const auto column = 2 + id_width + fixed.size();
  line = coloured(line + fixed, status, line.size());
  std::string more = text_at(step, "reason");
  if (more.empty() && tasks.size() == 1 && tasks[0].map()->contains("output")) {
    const auto& output = tasks[0].map()->at("output");
    more = output.text() != nullptr ? *output.text() : to_json(output);
  }
  if (!more.empty() && column + 10 < widest) line += "  " + shortened(more, widest - column - 2);
  return line + "\n";
}

/// Who may agree, who has, and to what.
void append_approval(std::string& out, const Value::Map& step) {
  const auto& approval = map_at(step, "approval");
  if (approval.empty()) return;
  std::string who;
  for (const auto& one : list_at(approval, "by")) who += (who.empty() ? "" : ", ") + *one.text();
  const auto status = text_at(approval, "status");
  if (status == "waiting") {
    out += folded("approval by " + (who.empty() ? "anybody" : who), "      ");
    if (const auto until = text_at(approval, "expires"); !until.empty())
      out += "      expires " + until + "\n";
    out += "      of " + text_at(approval, "hash") + "\n";
  } else if (status != "expired") {
    const auto comment = text_at(approval, "comment");
    out += folded(fmt::format("{} by {} at {}{}", status, text_at(approval, "approver"),
                              text_at(approval, "decided"), comment.empty() ? "" : ": " + comment),
                  "      ");
  }
}

void append_openings(std::string& out, const Value::List& breakers) {
  std::size_t shown = 0;
  for (const auto& one : breakers) {
    const auto& opening = *one.map();
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

/// A line for each time that another one led.
void append_leaders(std::string& out, const Value::List& leaders) {
  for (std::size_t first = 0, next = 0; first < leaders.size(); first = next) {
    const auto root = text_at(*leaders[first].map(), "root");
    while (next < leaders.size() && text_at(*leaders[next].map(), "root") == root) ++next;
    const auto begun = number_at(*leaders[first].map(), "epoch");
    const auto ended = number_at(*leaders[next - 1].map(), "epoch");
    out += begun == ended ? fmt::format("  led by {} in epoch {}\n", root, begun)
                          : fmt::format("  led by {} in epochs {} to {}\n", root, begun, ended);
  }
}

std::string human_report(const Value::Map& report) {
  const auto run = text_at(report, "run");
  const auto status = text_at(report, "status");
  std::string out = run + " " + status;
  if (const auto span = span_text(report); !span.empty()) out += " after " + span;
  if (const auto reason = text_at(report, "reason"); !reason.empty()) out += ": " + reason;
  out = coloured(folded(out, "", run.size()), status, run.size());
  std::size_t id_width = 4;
  for (const auto& step : list_at(report, "steps"))
    id_width = width_with(id_width, text_at(*step.map(), "id"), widest_id);
  for (const auto& one : list_at(report, "steps")) {
    const auto& step = *one.map();
    out += step_line(step, id_width);
    append_approval(out, step);
    append_failures(out, step);
    append_rollbacks(out, step);
  }
  if (!report.contains("resources")) return out;
  const auto& use = map_at(report, "resources");
  out += fmt::format("  {}, {}, {} of processor time, peak {} MiB a child\n",
                     counted(number_at(use, "attempts"), "attempt", "attempts"),
                     counted(number_at(use, "retries"), "retry", "retries"),
                     seconds_text(number_at(use, "processor_milliseconds")),
                     number_at(use, "peak_memory_bytes") >> 20);
  append_openings(out, list_at(report, "breakers"));
  append_leaders(out, list_at(report, "leaders"));
  const auto& correlation = map_at(report, "correlation");
  const auto& journal = map_at(report, "journal");
  out += folded(fmt::format("key {}, trace {}; journal: {}, entry {}", text_at(correlation, "key"),
                            text_at(correlation, "trace"), text_at(journal, "role"),
                            number_at(journal, "last_entry")),
                "  ");
  return out;
}

std::string human_runs(const Value::List& runs) {
  if (runs.empty()) return "no runs yet\n";
  std::size_t width = 3;
  for (const auto& run : runs) width = width_with(width, text_at(*run.map(), "run"), widest_run);
  std::string out =
      fmt::format("{:<{}}  {:<17}  {:>4}  {}\n", "RUN", width, "STATUS", "EXIT", "OPENED");
  for (const auto& one : runs) {
    const auto& run = *one.map();
    const auto name = cell(text_at(run, "run"), 0, width);
    const auto status = text_at(run, "status");
    const auto row = fmt::format("{}  {:<17}  {:>4}  {}\n", name, status,
                                 run.at("exit_code").is_null() ? "-" : to_json(run.at("exit_code")),
                                 text_at(run, "opened"));
    out += coloured(row, status, name.size());
  }
  return out;
}

}  // namespace

void print_report(const Value& report, Format format) {
  if (format == Format::human)
    fmt::print("{}", human_report(*report.map()));
  else
    print_formatted(report, format);
}

std::string runs_text(const Value& runs, Format format) {
  if (format != Format::human) return formatted(runs, format);
  return human_runs(*runs.list());
}

}  // namespace queenright::program
