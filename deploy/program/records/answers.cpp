#include "deploy/program/records/answers.hpp"

#include <exception>
#include <utility>

#include "actors/roles/report.hpp"
#include "deploy/program/records/again.hpp"
#include "deploy/program/records/kept_runs.hpp"
#include "deploy/program/records/preview.hpp"
#include "deploy/program/records/recording_at.hpp"
#include "deploy/program/records/run_history.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::Key;
using messages::NodeAnswer;
using messages::NodeQuestion;
using messages::Result;
using messages::Value;

namespace {

NodeAnswer told(Key key, Result<Value> value) {
  if (!value) return {std::move(key), value.reason(), {}, {}};
  return {std::move(key), {}, std::move(value).value(), {}};
}

NodeAnswer told(Key key, Result<std::vector<messages::RunEvent>> events) {
  if (!events) return {std::move(key), events.reason(), {}, {}};
  return {std::move(key), {}, {}, std::move(events).value()};
}

/// The decision is a submit that is not delivered.
Result<Value> preview(const roles::CircuitState& state, const std::string& who,
                      const std::string& bytes, messages::WallTime now) {
  const auto submit = messages::decode<messages::Submit>(bytes);
  if (!submit) return messages::Refusal{submit.reason()};
  if (auto why = messages::unfit_for_a_client(submit.value()); !why.empty())
    return messages::Refusal{why};
  auto decision = submit.value().command;
  if (auto* verdict = std::get_if<messages::ApproveStep>(&decision)) verdict->approver = who;
  return preview_of(state, std::move(decision), now);
}

NodeAnswer look_up(const std::filesystem::path& data, const std::string& who,
                   const NodeQuestion& question, messages::WallTime now) {
  const auto refused = [&](const std::string& why) {
    return NodeAnswer{question.key, why, {}, {}};
  };
  const auto recording = open_recording_at(data);
  const auto hive = hive_of(*recording);
  if (!hive) return refused(hive.reason());
  if (question.what == "runs") return told(question.key, Value(roles::runs_of(hive.value())));
  const auto circuit = find_run(hive.value(), question.subject);
  if (!circuit) return refused("there is no run '" + question.subject + "'");
  if (question.what == "report")
    return told(question.key, report_of_run(*recording, data, *circuit));
  if (question.what == "events")
    return told(question.key,
                history_of_run(*recording, data, hive.value(), *circuit, question.since));
  if (question.what == "again" || question.what == "preview") {
    const auto state = state_of_run(*recording, data, *circuit);
    if (!state) return refused(state.reason());
    if (question.what == "preview")
      return told(question.key, preview(state.value(), who, question.bytes, now));
    const auto again = begin_again(state.value());
    if (!again) return refused(again.reason());
    const auto& undecided = again.value().undecided;
    return {question.key,
            {},
            Value::List(undecided.begin(), undecided.end()),
            {},
            messages::encode(again.value().begin)};
  }
  return refused("this node does not know what '" + question.what + "' is");
}

}  // namespace

NodeAnswer answer_from_records(const std::filesystem::path& data, const std::string& who,
                               const NodeQuestion& question, messages::WallTime now) {
  try {
    return look_up(data, who, question, now);
  } catch (const std::exception& wrong) {  // a question never ends the node
    return {question.key, wrong.what(), {}, {}};
  }
}

}  // namespace queenright::program
