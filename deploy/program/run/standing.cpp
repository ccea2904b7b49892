#include "deploy/program/run/standing.hpp"

#include <fmt/format.h>

#include "deploy/program/colour.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/run/report_fields.hpp"

namespace queenright::program {

using messages::Value;

namespace {

/// It has begun and is not over, or a person is asked, or it has failed.
bool is_of_interest(const Value::Map& step) {
  const auto status = text_at(step, "status");
  return status != "succeeded" && status != "skipped" && status != "cancelled" &&
         !(status == "waiting" && text_at(step, "reason").empty());
}

std::string line_about(const std::string& indent, const std::string& name,
                       const std::string& status, const std::string& reason) {
  const auto text = name + " " + status + (reason.empty() ? "" : ": " + reason);
  return coloured(folded(text, indent, name.size()), status, indent.size() + name.size());
}

}  // namespace

Value standing_of(const Value& report) {
  const auto& run = *report.map();
  Value::Map standing;
  for (const char* key :
       {"run", "plan", "status", "exit_code", "reason", "started", "ended", "milliseconds"})
    if (const auto found = run.find(key); found != run.end()) standing[key] = found->second;
  Value::Map counts;
  Value::List open;
  for (const auto& one : *run.at("steps").list()) {
    const auto& step = *one.map();
    auto& count = counts[text_at(step, "status")];
    count = (count.integer() == nullptr ? 0 : *count.integer()) + std::int64_t{1};
    if (is_of_interest(step))
      open.push_back(Value::Map{{"step", step.at("id")},
                                {"status", step.at("status")},
                                {"reason", text_at(step, "reason")}});
  }
  standing["steps"] = std::move(counts);
  standing["open"] = std::move(open);
  return standing;
}

std::string standing_text(const Value& standing) {
  static constexpr std::size_t shown = 20;
  const auto& run = *standing.map();
  std::string text =
      line_about("", text_at(run, "run"), text_at(run, "status"), text_at(run, "reason"));
  std::string counts;
  for (const auto& [status, number] : *run.at("steps").map())
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", *number.integer(), status);
  text += folded("steps: " + (counts.empty() ? "none" : counts), "  ");
  const auto& open = *run.at("open").list();
  for (std::size_t i = 0; i < open.size() && i < shown; ++i) {
    const auto& step = *open[i].map();
    text +=
        line_about("  ", text_at(step, "step"), text_at(step, "status"), text_at(step, "reason"));
  }
  if (open.size() > shown) text += fmt::format("  and {} more\n", open.size() - shown);
  return text;
}

}  // namespace queenright::program
