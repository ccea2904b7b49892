#include "deploy/program/chaos/chaos_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/faults/time_text.hpp"

namespace queenright::program {

using messages::Value;
using std::chrono::milliseconds;

namespace {

Value number(std::uint64_t value) { return Value(static_cast<std::int64_t>(value)); }
Value number(milliseconds span) { return Value(std::int64_t{span.count()}); }

Value list_of(const std::vector<std::string>& texts) {
  return Value::List(texts.begin(), texts.end());
}

Value json_of(const SufferedFault& suffered) {
  const auto& fault = suffered.fault;
  return Value::Map{
      {"at_ms", number(fault.at)},
      {"for_ms", number(fault.lasts)},
      {"kind", std::string(trait_of(fault.kind).name)},
      {"nodes", list_of(fault.nodes)},
      {"what", text_of(fault)},
      {"left_out", suffered.left_out.empty() ? Value() : Value(suffered.left_out)},
      {"took_root", suffered.took_root},
      {"agreed_again_ms", suffered.agreed_again ? number(*suffered.agreed_again) : Value()}};
}

Value json_of(const RunCheck& runs) {
  Value::Map by_status;
  for (const auto& [status, count] : runs.by_status) by_status[status] = number(count);
  Value::Map wait;
  for (const auto& [run, steps] : runs.wait) wait[run] = list_of(steps);
  return Value::Map{{"submitted", number(runs.submitted)},
                    {"acknowledged", number(runs.acknowledged)},
                    {"by_status", std::move(by_status)},
                    {"waits_for", std::move(wait)}};
}

Value json_of(const JournalCheck& journals) {
  return Value::Map{{"recordings", number(journals.recordings)},
                    {"inputs", number(journals.inputs)},
                    {"effects", number(journals.effects)},
                    {"messages", number(journals.messages)},
                    {"elections", number(journals.elections)}};
}

std::vector<milliseconds> failovers(const ChaosReport& report) {
  std::vector<milliseconds> all;
  for (const auto& one : report.faults)
    if (one.agreed_again) all.push_back(*one.agreed_again);
  std::sort(all.begin(), all.end());
  return all;
}

Value json_of(const ChaosReport& report) {
  Value::List faults;
  for (const auto& one : report.faults) faults.push_back(json_of(one));
  const auto took = failovers(report);
  return Value::Map{{"seed", number(report.seed)},
                    {"duration_ms", number(report.duration)},
                    {"queens", number(report.queens)},
                    {"workers", number(report.workers)},
                    {"faults", std::move(faults)},
                    {"failovers", number(took.size())},
                    {"failover_median_ms", took.empty() ? Value() : number(took[took.size() / 2])},
                    {"failover_max_ms", took.empty() ? Value() : number(took.back())},
                    {"runs", json_of(report.runs)},
                    {"journals", json_of(report.journals)},
                    {"violations", list_of(report.violations)},
                    {"data", report.data.empty() ? Value() : Value(report.data)}};
}

std::string text_of(const RunCheck& runs) {
  std::string text =
      fmt::format("runs: {} submitted, {} acknowledged", runs.submitted, runs.acknowledged);
  for (const auto& [status, count] : runs.by_status) text += fmt::format(", {} {}", count, status);
  text += '\n';
  for (const auto& [run, steps] : runs.wait)
    text += fmt::format("  {} waits for a person: nobody knows what {} did\n", run,
                        fmt::join(steps, ", "));
  return text;
}

std::string text_of(const ChaosReport& report) {
  const auto left_out = static_cast<std::size_t>(
      std::count_if(report.faults.begin(), report.faults.end(),
                    [](const SufferedFault& one) { return !one.left_out.empty(); }));
  std::string text = fmt::format("{} faults in {}, seed {}\n", report.faults.size() - left_out,
                                 sim::time_text(report.duration), report.seed);
  text += text_of(report.runs);
  if (const auto took = failovers(report); !took.empty())
    text += fmt::format(
        "failovers: {} faults took the root; agreed again after {} ms (median), {} ms at most\n",
        took.size(), took[took.size() / 2].count(), took.back().count());
  const auto& journals = report.journals;
  text += fmt::format("journals: {} recordings, {} inputs, {} effects, {} messages, {} elections\n",
                      journals.recordings, journals.inputs, journals.effects, journals.messages,
                      journals.elections);
  for (const auto& violation : report.violations) text += "VIOLATION: " + violation + '\n';
  text += report.violations.empty() ? "no violation\n"
                                    : fmt::format("{} violations\n", report.violations.size());
  if (!report.data.empty())
    text += fmt::format("journals, logs and marks are in {0}; 'queenright replay {0}' steps them\n",
                        report.data);
  return text;
}

}  // namespace

std::string chaos_text(const ChaosReport& report, Format format) {
  return format == Format::human ? text_of(report) : formatted(json_of(report), format);
}

std::string chaos_kinds_text(Format format) {
  Value::List kinds;
  std::string text;
  for (const auto& trait : chaos_traits()) {
    kinds.push_back(
        Value::Map{{"name", std::string(trait.name)}, {"what", std::string(trait.what)}});
    text += fmt::format("{:<10} {}\n", trait.name, trait.what);
  }
  return format == Format::human ? text : formatted(Value(std::move(kinds)), format);
}

}  // namespace queenright::program
