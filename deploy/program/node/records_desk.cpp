#include "deploy/program/node/records_desk.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "actors/roles/report.hpp"
#include "deploy/program/look/recording_at.hpp"
#include "deploy/program/run/kept_runs.hpp"

namespace queenright::program {

using messages::NodeAnswer;
using messages::NodeQuestion;
using messages::Result;
using messages::Value;

namespace {

constexpr std::size_t most_cases = 1000;

Result<Value> report(const persistence::Recording& recording, const std::filesystem::path& data,
                     const roles::HiveState& hive, const std::string& run) {
  const auto circuit = find_run(hive, run);
  if (!circuit) return messages::Refusal{"there is no run '" + run + "'"};
  return report_of_run(recording, data, *circuit);
}

Result<Value> looked_up(const std::filesystem::path& data, const NodeQuestion& question) {
  try {
    const auto recording = open_recording_at(data);
    const auto hive = hive_of(*recording);
    if (!hive) return messages::Refusal{hive.reason()};
    if (question.what == "runs") return Value(roles::runs_of(hive.value()));
    if (question.what == "report") return report(*recording, data, hive.value(), question.subject);
    return messages::Refusal{"this node does not know what '" + question.what + "' is"};
  } catch (const std::exception& wrong) {  // a question never ends the node
    return messages::Refusal{wrong.what()};
  }
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
      return answer({question.key, "too many questions at once: ask again", {}});
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
  auto found = looked_up(data_, question);
  if (!found) return {question.key, found.reason(), {}};
  return {question.key, {}, std::move(found).value()};
}

}  // namespace queenright::program
