#include "sim/scenario/scenario.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "election/rule_names.hpp"
#include "messages/near_name.hpp"
#include "sim/faults/time_text.hpp"
#include "sim/scenario/line_pattern.hpp"
#include "sim/scenario/scenario_check.hpp"

namespace queenright::sim {
namespace {

using messages::in_quotes;
using messages::Refusal;
using messages::Result;
using Words = std::span<const std::string_view>;

constexpr Duration shortest_delay = std::chrono::microseconds{1};  ///< else no time would pass
constexpr Duration margin = std::chrono::seconds{1};               ///< after the last that is said

struct Setting {
  std::string_view name;
  std::function<bool(Scenario&, std::string_view)> put;  ///< false: not a value of it
  std::string value;                                     ///< for people
};

Setting number(std::string_view name, std::int64_t least, std::int64_t most, auto member) {
  return {name,
          [=](Scenario& scenario, std::string_view text) {
            const auto value = number_of(text);
            if (!value || *value < least || *value > most) return false;
            auto& field = scenario.options.*member;
            field = static_cast<std::remove_reference_t<decltype(field)>>(*value);
            return true;
          },
          "a number from " + std::to_string(least) + " to " + std::to_string(most)};
}

Setting span(std::string_view name, Duration Options::*member, Duration least = {}) {
  return {name,
          [=](Scenario& scenario, std::string_view text) {
            const auto value = time_of(text);
            if (!value || *value < least) return false;
            scenario.options.*member = *value;
            return true;
          },
          "a time, as 300ms or 1.5s" +
              (least == Duration{} ? "" : ", of at least " + time_text(least))};
}

Setting yes_or_no(std::string_view name, bool Options::*member) {
  return {name,
          [=](Scenario& scenario, std::string_view text) {
            scenario.options.*member = text == "yes";
            return text == "yes" || text == "no";
          },
          "yes or no"};
}

std::string setting_takes(const Setting& setting) {
  return std::string(setting.name) + " takes " + setting.value;
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all{
      number("queens", 1, 16, &Options::queens),
      number("workers", 0, 100, &Options::workers),
      number("slots", 1, 1024, &Options::slots),
      number("clients", 1, 1000, &Options::clients),
      number("runs-at-once", 0, 10'000, &Options::runs_at_once),
      number("seed", 0, 1'000'000'000'000, &Options::seed),
      number("checkpoint-bytes", 1, 1'000'000'000, &Options::checkpoint_bytes),
      span("thinking", &Options::thinking),
      span("delay", &Options::delay, shortest_delay),
      span("jitter", &Options::jitter),
      span("sync", &Options::sync),
      span("time-to-live", &Options::time_to_live, std::chrono::seconds{6}),
      yes_or_no("reads", &Options::reads),
      yes_or_no("alike", &Options::alike),
      {"end",
       [](Scenario& scenario, std::string_view text) {
         const auto value = time_of(text);
         if (!value || *value <= Duration{} || *value > longest_life) return false;
         scenario.end = *value;
         return true;
       },
       "a time above 0, and up to " + time_text(longest_life)},
      {"break",
       [](Scenario& scenario, std::string_view text) {
         scenario.broken.emplace_back(text);
         return election::rule_of(text).has_value();
       },
       "a rule, as 'queenright sim --break list' names them"}};
  return all;
}

using Action_ = Action::Kind;
constexpr std::array<std::pair<Action_, std::string_view>, 8> action_patterns{
    {{Action_::submit, "submit NUMBER runs at queen QUEEN"},
     {Action_::submit, "submit run RUN at queen QUEEN"},
     {Action_::submit, "submit NUMBER runs of TIME at queen QUEEN"},
     {Action_::submit, "submit run RUN of TIME at queen QUEEN"},
     {Action_::submit, "submit idempotent run RUN of TIME at queen QUEEN"},
     {Action_::cancel, "cancel run RUN at queen QUEEN"},
     {Action_::stop_clients, "stop clients"},
     {Action_::explain, "explain circuit CIRCUIT at queen QUEEN"}}};

using Expected = Expectation::Kind;
constexpr std::array<std::pair<Expected, std::string_view>, 17> expectation_patterns{
    {{Expected::root_is_not, "root of run RUN is not queen QUEEN"},
     {Expected::root_is, "root of run RUN is queen QUEEN"},
     {Expected::some_root, "a root of run RUN"},
     {Expected::no_root, "no root of run RUN"},
     {Expected::all_succeed, "all runs succeed"},
     {Expected::all_end, "all runs end"},
     {Expected::some_succeed, "NUMBER runs succeed"},
     {Expected::run_ends, "run RUN ends WORD"},
     {Expected::all_answered, "every submit answered"},
     {Expected::ends_known, "all ends known"},
     {Expected::refused, "refused WORD"},
     {Expected::roots_move, "NUMBER roots of queen QUEEN at TIME moved"},
     {Expected::tree_spans, "tree of queen QUEEN spans"},
     {Expected::degraded, "queen QUEEN is degraded"},
     {Expected::not_degraded, "queen QUEEN is not degraded"},
     {Expected::circuits_open, "NUMBER circuits open"},
     {Expected::worker_is, "worker WORKER is WORD"}}};

template <class Patterns>
std::vector<std::string_view> texts_of(const Patterns& patterns) {
  std::vector<std::string_view> texts;
  for (const auto& pattern : patterns) texts.push_back(pattern.second);
  return texts;
}

/// Reads a file, a line at a time, and collects what is wrong.
class ScenarioReader {
 public:
  explicit ScenarioReader(const std::string& name) : name_(name) {
    scenario_.name = name;
    scenario_.options.clients = 1;
    scenario_.options.runs_at_once = 0;  // those of the timeline
    scenario_.options.exit_proof = false;
  }

  Result<Scenario> read(std::string_view text) {
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      ++line_;
      take(text.substr(at, end - at));
      at = end + 1;
    }
    finish();
    if (!wrong_.empty()) return Refusal{wrong_};
    return std::move(scenario_);
  }

 private:
  void wrong(std::size_t line, const std::string& what) {
    wrong_ += (wrong_.empty() ? "" : "\n") + name_ + ":" + std::to_string(line) + ": " + what;
  }
  void wrong(const std::string& what) { wrong(line_, what); }
  void note(const std::string& what) {
    scenario_.notes.push_back(name_ + ":" + std::to_string(line_) + ": " + what);
  }

  void take(std::string_view line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "expect") return expect(Words(words).subspan(1), line);
    if (words[0] == "at") return happen(words, line);
    set(words);
  }

  void set(const std::vector<std::string_view>& words) {
    std::vector<std::string_view> names{"expect", "at"};
    for (const auto& setting : settings()) {
      names.push_back(setting.name);
      if (setting.name != words[0]) continue;
      const std::string is_set = setting.name == "break" ? std::string(words.back()) : "";
      const auto [before, fresh] = set_in_.emplace(std::pair{setting.name, is_set}, line_);
      if (words.size() != 2 || !setting.put(scenario_, words[1]))
        wrong(setting_takes(setting));
      else if (!fresh)
        wrong(in_quotes(words[0]) + " is said already, in line " + std::to_string(before->second));
      return;
    }
    wrong("a line does not begin with " + in_quotes(words[0]) +
          messages::did_you_mean(words[0], names));
  }

  void happen(const std::vector<std::string_view>& words, std::string_view line) {
    const auto verbs = texts_of(action_patterns);
    const bool by_client =
        words.size() > 2 && (words[2] == "submit" || words[2] == "stop" || words[2] == "explain" ||
                             (words[2] == "cancel" && words.size() > 3 && words[3] == "run"));
    if (!by_client) {
      auto fault = parse_fault(line);
      if (!fault) return wrong(fault.reason());
      if (trait_of(fault.value().kind).lasts && fault.value().span == Duration{})
        note(std::string(trait_of(fault.value().kind).name) +
             " has no 'for': it lasts to the end, and nothing heals it");
      fault_lines_.push_back(line_);
      scenario_.faults.push_back(std::move(fault).value());
      return;
    }
    const auto at = time_of(words[1]);
    if (!at || *at < Duration{})
      return wrong(in_quotes(words[1]) + " is no time; write 300ms or 1.5s");
    const auto what = Words(words).subspan(2);
    for (const auto& [kind, pattern] : action_patterns) {
      const auto matched = match(pattern, what);
      if (!matched.whole) continue;
      if (!ends(what, matched.words)) return;
      const auto& blanks = matched.blanks;
      const bool runs = !blanks.times.empty();
      scenario_.actions.push_back(
          {kind, *at, blanks.run, blanks.queen, std::max<std::int64_t>(blanks.count, 1), line_,
           runs ? PlainWork{blanks.times.front(), what[1] == "idempotent"} : PlainWork{}});
      return;
    }
    wrong(misfit(verbs, what));
  }

  bool ends(Words words, std::size_t used) {
    if (words.size() == used) return true;
    wrong(in_quotes(words[used]) + " is too much here");
    return false;
  }

  void expect(Words words, std::string_view line) {
    for (const auto& [kind, pattern] : expectation_patterns) {
      const auto matched = match(pattern, words);
      if (!matched.whole) continue;
      Expectation expectation;
      expectation.kind = kind;
      if (!take_when(words.subspan(matched.words), expectation)) return;
      const auto& blanks = matched.blanks;
      expectation.run = blanks.run;
      expectation.queen = blanks.queen;
      expectation.worker = blanks.worker;
      expectation.count = blanks.count;
      expectation.word = blanks.word;
      if (kind == Expected::roots_move) expectation.since = blanks.times.at(0);
      expectation.line = line_;
      expectation.text = line;
      scenario_.expectations.push_back(std::move(expectation));
      return;
    }
    if (words.empty()) return wrong("expect what? As in 'expect a root of run 1 by 2s'");
    wrong(misfit(texts_of(expectation_patterns), words));
  }

  bool take_when(Words words, Expectation& expectation) {
    for (const std::string_view pattern : {"by TIME", "at TIME", "between TIME and TIME"}) {
      const auto matched = match(pattern, words);
      if (!matched.whole) continue;
      if (!ends(words, matched.words)) return false;
      expectation.from = matched.blanks.times.front();
      expectation.to = matched.blanks.times.back();
      if (expectation.to < expectation.from) wrong("the time ends before it begins");
      return true;
    }
    constexpr std::array<std::string_view, 3> whens{"by TIME", "at TIME", "between TIME and TIME"};
    if (words.empty())
      wrong("when? Add 'by TIME', 'at TIME' or 'between TIME and TIME'");
    else
      wrong(misfit(whens, words));
    return false;
  }

  void finish() {
    const Options& options = scenario_.options;
    if (const auto runs = std::int64_t{options.clients} * options.runs_at_once; runs > most_runs)
      wrong(set_in_.at({"runs-at-once", ""}),
            "clients times runs-at-once are " + std::to_string(runs) + "; at most " +
                std::to_string(most_runs) + " runs can be open at once");
    if (scenario_.expectations.empty()) wrong("nothing is expected: it could never fail");
    if (scenario_.end == Duration{}) scenario_.end = last_said() + margin;
    check_whole(scenario_, fault_lines_,
                [this](std::size_t line, const std::string& what) { wrong(line, what); });
    std::stable_sort(scenario_.actions.begin(), scenario_.actions.end(),
                     [](const Action& one, const Action& other) { return one.at < other.at; });
  }

  Duration last_said() const {
    Duration last{};
    for (const auto& fault : scenario_.faults) last = std::max(last, fault.at + fault.span);
    for (const auto& action : scenario_.actions) last = std::max(last, action.at);
    for (const auto& expectation : scenario_.expectations) last = std::max(last, expectation.to);
    return last;
  }

  const std::string name_;
  Scenario scenario_;
  std::size_t line_ = 0;
  std::map<std::pair<std::string_view, std::string>, std::size_t> set_in_;  ///< line
  std::vector<std::size_t> fault_lines_;
  std::string wrong_;
};

}  // namespace

Result<Scenario> parse_scenario(std::string_view text, const std::string& name) {
  return ScenarioReader(name).read(text);
}

Result<Scenario> read_scenario(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    return Refusal{file.string() + " is a directory; name the files in it"};
  if (!std::filesystem::is_regular_file(file, error))
    return Refusal{"there is no scenario " + file.string()};
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) return Refusal{file.string() + " can't be read"};
  return parse_scenario(text.str(), file.string());
}

}  // namespace queenright::sim
