#include "deploy/program/node/records_desk.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "actors/roles/report.hpp"
#include "deploy/program/look/recording_at.hpp"
#include "deploy/program/run/kept_runs.hpp"
#include "deploy/program/run/retry.hpp"
#include "deploy/program/run/run_history.hpp"
#include "messages/writer.hpp"

namespace queenright::program {

using messages::Key;
using messages::NodeAnswer;
using messages::NodeQuestion;
using messages::Result;
using messages::Value;

namespace {

constexpr std::size_t most_cases = 1000;

NodeAnswer told(Key key, Result<Value> value) {
  if (!value) return {std::move(key), value.reason(), {}, {}};
  return {std::move(key), {}, std::move(value).value(), {}};
}

NodeAnswer told(Key key, Result<std::vector<messages::RunEvent>> events) {
  if (!events) return {std::move(key), events.reason(), {}, {}};
  return {std::move(key), {}, {}, std::move(events).value()};
}

NodeAnswer looked_up(const std::filesystem::path& data, const NodeQuestion& question) {
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
  if (question.what == "again") {
    const auto state = state_of_run(*recording, data, *circuit);
    if (!state) return refused(state.reason());
    const auto begin = begin_again(state.value());
    if (!begin) return refused(begin.reason());
    return {question.key, {}, {}, {}, messages::encode(begin.value())};
  }
  return refused("this node does not know what '" + question.what + "' is");
}

}  // namespace

RecordsDesk::RecordsDesk(std::filesystem::path data,
                         std::function<void(std::function<void()>)> synced)
    : data_(std::move(data)), synced_(std::move(synced)), thread_([this] { run(); }) {}

RecordsDesk::~RecordsDesk() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void RecordsDesk::ask(const NodeQuestion& question, Answer answer) {
  synced_([this, question, answer = std::move(answer)]() mutable {
    const std::lock_guard lock(mutex_);
    const auto waits = [&](const Case& other) { return other.question.key == question.key; };
    if (std::any_of(cases_.begin(), cases_.end(), waits)) return;  // it was said again
    if (cases_.size() >= most_cases)
      return answer({question.key, "too many questions at once: ask again", {}, {}});
    cases_.push_back({question, std::move(answer)});
    changed_.notify_all();
  });
}

void RecordsDesk::run() {
  for (;;) {
    Case next;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_ || !cases_.empty(); });
      if (closing_) return;
      next = std::move(cases_.front());
      cases_.pop_front();
    }
    next.answer(answer_to(next.question));
  }
}

NodeAnswer RecordsDesk::answer_to(const NodeQuestion& question) const {
  try {
    return looked_up(data_, question);
  } catch (const std::exception& wrong) {  // a question never ends the node
    return {question.key, wrong.what(), {}, {}};
  }
}

}  // namespace queenright::program
