#include "deploy/program/look/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actors/roles/catalogue.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/formats.hpp"
#include "deploy/program/records/recording_at.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/simulate/simulate_setup.hpp"
#include "persistence/exchange.hpp"
#include "persistence/replay.hpp"
#include "sim/campaign/recordings.hpp"

namespace queenright::program {

using messages::NodeId;
using messages::Value;
using persistence::Exchange;
using persistence::Recording;

namespace {

Value number(std::uint64_t value) { return Value(static_cast<std::int64_t>(value)); }

void print_state(const persistence::Replay& replay, Format format) {
  if (format == Format::human) {
    for (const auto& [id, active] : replay.roles())
      fmt::print("{} after {} inputs:\n{}\n", name_of(id), active.sequence.value,
                 active.role->text());
    return;
  }
  std::string json;
  for (const auto& [id, active] : replay.roles())
    json += fmt::format("{}\"{}\": {{\"inputs\": {}, \"state\": {}}}", json.empty() ? "{" : ",",
                        name_of(id), active.sequence.value, active.role->text());
  fmt::print("{}", formatted_json(json.empty() ? "{}" : json + "}", format));
}

Value effects_of(const std::vector<std::uint64_t>& digests, const std::vector<std::string>& texts) {
  Value::List effects;
  for (std::size_t i = 0; i < digests.size(); ++i)
    effects.push_back(Value::Map{{"digest", fmt::format("{:016x}", digests[i])},
                                 {"effect", i < texts.size() ? Value(texts[i]) : Value()}});
  return effects;
}

/// Both sides: what the step gives now, and what it gave. Of that only digests are kept, so what
/// it told other roles is shown as they got it.
Value difference_of(const Recording& recording, const persistence::Divergence& found,
                    const std::string& whose) {
  Value::List received;
  for (auto& told :
       persistence::consequences(recording, found.position, found.role, found.sequence))
    received.emplace_back(std::move(told));
  return Value::Map{{"position", number(found.position.value)},
                    {"role", name_of(found.role) + whose},
                    {"sequence", number(found.sequence.value)},
                    {"what", found.what},
                    {"input", found.input},
                    {"replayed", effects_of(found.replayed_digests, found.replayed)},
                    {"recorded", effects_of(found.recorded_digests, {})},
                    {"received", std::move(received)}};
}

std::string side_text(const char* side, const Value::List& effects) {
  std::string text =
      fmt::format("{}: {} effect{}\n", side, effects.size(), effects.size() == 1 ? "" : "s");
  for (const auto& one : effects) {
    const auto* effect = one.map()->at("effect").text();
    text += printable(fmt::format("  {}  {}", *one.map()->at("digest").text(),
                                  effect == nullptr ? "" : *effect)) +
            "\n";
  }
  return text;
}

/// As it is, however wide: the two sides are compared.
std::string difference_text(const Value::Map& found) {
  std::string text = printable(fmt::format(
      "first difference at position {}: {}, its input {}: {}", *found.at("position").integer(),
      *found.at("role").text(), *found.at("sequence").integer(), *found.at("what").text()));
  text += "\ninput: " + printable(*found.at("input").text()) + "\n";
  text += side_text("replayed", *found.at("replayed").list());
  text += side_text("recorded", *found.at("recorded").list());
  for (const auto& told : *found.at("received").list())
    text += "  received: " + printable(*told.text()) + "\n";
  return text;
}

void print_difference(const Value& found, Format format) {
  fmt::print("{}",
             format == Format::human
                 ? difference_text(*found.map())
                 : formatted(Value::Map{{"identical", false}, {"difference", found}}, format));
}

struct Replayed {
  std::uint64_t inputs = 0;
  std::uint64_t effects = 0;
};

/// " of node 3"; nothing, where the recording does not say it.
std::string whose(const messages::Result<NodeId>& node) {
  return node ? fmt::format(" of node {}", node.value().value) : std::string();
}

/// What was simulated with a rule switched off is identical without it only.
election::Rules rules_in(const Recording& recording) {
  const auto names = recording.metadata(sim::broken_rules);
  if (!names) return {};
  const auto words = sim::words_of(*names);
  return rules_of({words.begin(), words.end()});
}

void say_rules(const Recording& recording) {
  if (const auto names = recording.metadata(sim::broken_rules))
    say("queenright: recorded and replayed without {}\n", *names);
}

/// Nothing: it was not identical, and the difference was printed.
std::optional<Replayed> step_again(const Recording& recording, const std::string& whose,
                                   persistence::ReplayWatcher* watcher, std::uint64_t until,
                                   Format format) {
  const roles::RoleCatalogue catalogue(roles::embedded_supervision(), rules_in(recording));
  persistence::Replay replay(catalogue, recording);
  if (watcher != nullptr) replay.watched_by(*watcher);
  const auto base = recording.base_snapshots();
  if (!base) throw Failure(ExitCode::failed, base.reason());
  if (const auto started = replay.start_from(base.value()); !started)
    throw Failure(ExitCode::usage, started.reason());
  if (const auto ran = replay.run({until}); !ran) throw Failure(ExitCode::failed, ran.reason());
  if (replay.divergence()) {
    print_difference(difference_of(recording, *replay.divergence(), whose), format);
    return std::nullopt;
  }
  if (until != 0) {
    if (const auto last = recording.tail().last_position; until > last.value)
      say("queenright: the recording ends at position {}\n", last.value);
    print_state(replay, format);
  } else if (!base.value().empty() && format == Format::human) {
    say("queenright: from block {}: older blocks were dropped\n", recording.first().value);
  }
  return Replayed{replay.inputs(), replay.effects()};
}

ExitCode replay_one(const std::filesystem::path& path, std::uint64_t until, Format format) {
  const auto recording = open_recording_at(path);
  say_rules(*recording);
  const auto replayed =
      step_again(*recording, whose(persistence::node_of(*recording)), nullptr, until, format);
  if (!replayed) return ExitCode::failed;
  if (until != 0) return ExitCode::success;
  if (format != Format::human)
    fmt::print("{}", formatted(Value::Map{{"inputs", number(replayed->inputs)},
                                          {"effects", number(replayed->effects)},
                                          {"identical", true}},
                               format));
  else
    fmt::print("{} inputs, {} effects, identical\n", replayed->inputs, replayed->effects);
  return ExitCode::success;
}

void print_exchange(const Exchange::Findings& found) {
  fmt::print("{} messages between these nodes: what one received another has sent\n",
             found.matched);
  if (found.unsynced > 0)
    fmt::print("{} more that promised nothing: a crash took what they followed from\n",
               found.unsynced);
  if (found.lost > 0)
    fmt::print("{} more from before a recording begins, or from a journal that was lost\n",
               found.lost);
}

/// Why the recordings don't fit each other; empty: they do.
std::string misfit(const Exchange::Findings& found) {
  if (!found.never_sent.empty()) return found.never_sent;
  if (found.absent.empty()) return {};
  const auto& [node, messages] = *found.absent.begin();
  return fmt::format("incomplete: {} messages came from node {}, which has no recording here",
                     messages, node.value);
}

Value of(const Exchange::Findings& found) {
  return Value::Map{{"sent", number(found.matched)},
                    {"unsynced", number(found.unsynced)},
                    {"lost", number(found.lost)},
                    {"misfit", misfit(found)}};
}

/// One recording a node; the first difference ends it.
ExitCode replay_all(const std::vector<std::filesystem::path>& paths, Format format) {
  Replayed all;
  Exchange exchange;
  Value::Map nodes;
  for (const auto& path : paths) {
    const auto name = path.filename().string();
    const auto recording = open_recording_at(path);
    const auto node = persistence::node_of(*recording);
    if (path == paths.front()) say_rules(*recording);
    if (!node) throw Failure(ExitCode::failed, path.string() + ": " + node.reason());
    const auto side = exchange.add(node.value(), *recording);
    if (!side) throw Failure(ExitCode::failed, path.string() + ": " + side.reason());
    const auto replayed = step_again(*recording, whose(node), side.value(), 0, format);
    if (!replayed) return ExitCode::failed;
    all.inputs += replayed->inputs;
    all.effects += replayed->effects;
    if (format == Format::human)
      fmt::print("{}: {} inputs, {} effects, identical\n", name, replayed->inputs,
                 replayed->effects);
    nodes[name] =
        Value::Map{{"inputs", number(replayed->inputs)}, {"effects", number(replayed->effects)}};
  }
  const auto found = exchange.compare();
  const auto wrong = misfit(found);
  if (format != Format::human) {
    fmt::print("{}", formatted(Value::Map{{"inputs", number(all.inputs)},
                                          {"effects", number(all.effects)},
                                          {"identical", true},
                                          {"consistent", wrong.empty()},
                                          {"messages", of(found)},
                                          {"nodes", std::move(nodes)}},
                               format));
  } else {
    if (wrong.empty()) print_exchange(found);
    fmt::print("{} recordings, {} inputs, {} effects, identical\n", paths.size(), all.inputs,
               all.effects);
  }
  if (wrong.empty()) return ExitCode::success;
  say("queenright: {}\n", wrong);
  return ExitCode::failed;
}

}  // namespace

ExitCode replay(const std::filesystem::path& path, std::uint64_t until, const std::string& output) {
  const Format format = format_of(output);
  const auto below = recordings_below(path);
  if (below.empty()) return replay_one(path, until, format);
  if (until != 0)
    throw Failure(ExitCode::usage,
                  fmt::format("--until is a position in one recording; {} has several, as {}",
                              path.string(), below.front().string()));
  return replay_all(below, format);
}

}  // namespace queenright::program
