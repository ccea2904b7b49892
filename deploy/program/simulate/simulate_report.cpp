#include "deploy/program/simulate/simulate_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "election/rule_names.hpp"

namespace queenright::program {
namespace {

using messages::Value;
using sim::Finding;
using sim::Search;
using sim::Totals;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t widest = 100;  ///< columns

Value number(std::uint64_t value) { return Value(static_cast<std::int64_t>(value)); }

std::string counted(std::uint64_t count, const std::string& unit) {
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

std::string hash_text(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

Value json_of(const Totals& totals) {
  return Value::Map{
      {"seeds", number(totals.seeds)},
      {"unfinished", number(totals.unfinished)},
      {"simulated_ms",
       number(static_cast<std::uint64_t>(totals.simulated / std::chrono::milliseconds{1}))},
      {"turns", number(totals.turns)},
      {"runs", number(totals.runs)},
      {"elections", number(totals.elections)},
      {"faults", number(totals.faults)},
      {"repeated", number(totals.repeated)},
      {"replayed", number(totals.replayed)},
      {"hash", hash_text(totals.hash)}};
}

std::string name_of(Search search) {
  switch (search) {
    case Search::not_made: return "not made";
    case Search::in_vain: return "in vain";
    case Search::stopped: return "stopped";
    case Search::done: return "done";
  }
  return {};
}

Value json_of(const Failed& failed) {
  const Finding& finding = failed.finding;
  Value::List faults;
  for (const auto& fault : finding.faults) faults.emplace_back(text_of(fault));
  Value::List trace(finding.trace.begin(), finding.trace.end());
  return Value::Map{
      {"subject", failed.subject},
      {"invariant", finding.violation.invariant},
      {"what", finding.violation.what},
      {"at_us", number(static_cast<std::uint64_t>(finding.after / std::chrono::microseconds{1}))},
      {"command", failed.command},
      {"faults", std::move(faults)},
      {"faults_in_all", number(finding.drawn)},
      {"search", name_of(finding.search)},
      {"smallest", finding.search == Search::done},
      {"trace", std::move(trace)}};
}

Value json_of(const Simulated& simulated) {
  Value::List violations;
  for (const auto& one : simulated.failed) violations.push_back(json_of(one));
  return Value::Map{{"totals", json_of(simulated.totals)},
                    {"interrupted", simulated.interrupted},
                    {"explained", Value::List(simulated.told.begin(), simulated.told.end())},
                    {"violations", std::move(violations)}};
}

/// Each line of a text behind a margin, the first one too; what is too wide is cut.
void append_lines(std::string& out, std::size_t margin, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t most = widest - margin;
    if (line.size() > most) line.replace(most - 3, std::string::npos, "...");
    out += std::string(margin, ' ') + line + "\n";
  }
}

std::string of_faults(const Finding& finding) {
  const auto left = finding.faults.size();
  const std::string show =
      fmt::format("{} of {} faults still {} it", left, finding.drawn, left == 1 ? "shows" : "show");
  switch (finding.search) {
    case Search::not_made:
      return fmt::format("of {} (which of them it takes was not tried):", counted(left, "fault"));
    case Search::in_vain:
      return fmt::format("of {} (a run with these alone does not show it again):",
                         counted(left, "fault"));
    case Search::stopped: return show + "; whether fewer do was not tried to the end:";
    case Search::done: return show + (left == 0 ? "" : ", and none can be left out:");
  }
  return {};
}

/// A sentence may go on in further lines, which stand under it.
std::string text_of(const Failed& failed) {
  const Finding& finding = failed.finding;
  const std::string& what = finding.violation.what;
  const std::size_t end = std::min(what.find('\n'), what.size());
  std::string out;
  append_lines(out, 0,
               fmt::format("{}: {} violated after {:.6f} s:", failed.subject,
                           finding.violation.invariant, Seconds(finding.after).count()));
  const bool fits = out.size() + end <= widest;
  if (fits)
    out.insert(out.size() - 1, " " + what.substr(0, end));
  else
    out += "  " + what.substr(0, end) + "\n";
  if (end < what.size()) append_lines(out, 4, what.substr(end + 1));
  out += "  again: " + failed.command + "\n";
  out += "  " + of_faults(finding) + "\n";
  for (const auto& fault : finding.faults) append_lines(out, 4, text_of(fault));
  const auto is_core = [](const sim::Fault& fault) { return fault.kind == sim::FaultKind::core; };
  const bool has_core = std::any_of(finding.faults.begin(), finding.faults.end(), is_core);
  const bool searched = finding.search == Search::done || finding.search == Search::stopped;
  if (has_core && searched)
    out += "    (the core is always kept: it says which majority must get on by itself)\n";
  if (finding.trace.empty()) return out;
  out +=
      fmt::format("  the last turns before it (cut at {} columns; whole with -o json):\n", widest);
  for (const auto& turn : finding.trace) append_lines(out, 4, turn);
  return out;
}

std::string totals_text(const Simulated& simulated, Seconds elapsed) {
  const Totals& totals = simulated.totals;
  const bool is_whole = totals.seeds == simulated.wanted;
  std::string out = !simulated.failed.empty() ? "in all: "
                    : simulated.interrupted   ? "no violation so far: "
                                              : "no violation: ";
  out += is_whole
             ? counted(totals.seeds, simulated.unit)
             : fmt::format("{} of {}", totals.seeds, counted(simulated.wanted, simulated.unit));
  if (totals.unfinished > 0) out += fmt::format(", and {} left unfinished", totals.unfinished);
  out += fmt::format("; {} simulated in {:.1f} s\n", for_people(totals.simulated), elapsed.count());
  out += fmt::format("  {}, {} ended, {}, {}\n", counted(totals.turns, "turn"),
                     counted(totals.runs, "run"), counted(totals.elections, "election"),
                     counted(totals.faults, "fault"));
  return out + fmt::format("  {} repeated with the same hash, {} replayed identical\n",
                           totals.repeated, totals.replayed);
}

}  // namespace

std::string for_people(messages::Duration span) {
  const double all = Seconds(span).count();
  if (all < 120) return fmt::format("{:.1f} s", all);
  if (all < 7200) return fmt::format("{:.1f} min", all / 60);
  return fmt::format("{:.1f} h", all / 3600);
}

std::string simulated_text(const Simulated& simulated, Seconds elapsed, Format format) {
  if (format != Format::human) return formatted(json_of(simulated), format);
  std::string out;
  for (const auto& told : simulated.told) {
    const std::size_t end = told.find('\n');
    append_lines(out, 0, told.substr(0, end));
    append_lines(out, 2, told.substr(std::min(end, told.size())).substr(1));
  }
  for (const auto& one : simulated.failed) out += text_of(one);
  return out + totals_text(simulated, elapsed);
}

std::string rules_text(Format format) {
  Value::List rules;
  std::string out;
  for (const auto& rule : election::rule_names()) {
    rules.push_back(Value::Map{{"name", std::string(rule.name)},
                               {"rule", std::string(rule.number)},
                               {"what", std::string(rule.what)}});
    out += fmt::format("{:<22} {:<6} {}\n", rule.name, rule.number, rule.what);
  }
  return format == Format::human ? out : formatted(Value(std::move(rules)), format);
}

std::string faults_text(Format format) {
  Value::List kinds;
  std::string out =
      "--faults takes kinds and families; --fault, and a scenario, a whole line:\n"
      "  at TIME [for TIME] KIND [NODES] [NAME=VALUE], as 'at 1s for 300ms crash 1,3 kept=0'.\n"
      "NODES: queens are 1 and up, workers follow. Without 'for' a fault lasts to the end.\n";
  std::string_view family;
  for (const auto& trait : sim::fault_traits()) {
    const std::string usage = usage_of(trait);
    kinds.push_back(Value::Map{{"name", std::string(trait.name)},
                               {"family", std::string(trait.family)},
                               {"usage", usage},
                               {"lasts", trait.lasts},
                               {"what", std::string(trait.what)}});
    if (std::exchange(family, trait.family) != trait.family)
      out += fmt::format(
          "{}{}\n", family,
          family == "beyond" ? " (not among 'all': no hive promises to bear them)" : "");
    out += fmt::format("  {:<32} {}\n", usage, trait.what);
  }
  return format == Format::human ? out : formatted(Value(std::move(kinds)), format);
}

}  // namespace queenright::program
