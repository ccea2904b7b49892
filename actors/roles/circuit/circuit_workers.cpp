#include <algorithm>
#include <chrono>
#include <utility>

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/hive/worker_record.hpp"
#include "actors/roles/plan/need.hpp"
#include "messages/ensure.hpp"

/// Workers: which there are, which of them gets a task, and what becomes of tasks whose worker is
/// gone (docs/workers.md).
namespace queenright::roles {

using messages::Address;
using messages::AttemptEnd;
using messages::AttemptOutcome;
using messages::Duration;
using messages::TaskId;
using messages::WorkerStanding;

namespace {

constexpr Duration first_pause = std::chrono::milliseconds{100};  ///< for who declined
constexpr Duration longest_pause = std::chrono::seconds{60};      // thousands of runs may ask
constexpr std::size_t openings_kept = 1000;
constexpr std::uint32_t most_worker_failures = 8;  ///< of one task, then it has failed

/// The breaker of the hive's own health is closed, or half open.
bool is_fit(WorkerStanding standing) {
  return standing != WorkerStanding::degraded && standing != WorkerStanding::demoted;
}

bool has_started(AttemptEnd end) {
  return end == AttemptEnd::exited || end == AttemptEnd::signalled || end == AttemptEnd::timed_out;
}

}  // namespace

void Circuit::offer(const messages::OfferWorker& offer) {
  const auto [place, fresh] = state_.workers.try_emplace(offer.worker);
  auto& known = place->second;
  if (!fresh && offer.since < known.told.since) {
    made_.refused = "a later entry has told of this worker";
    return;
  }
  const bool was_fit = fresh || is_fit(known.told.standing);
  known.told = offer;
  if (was_fit && !is_fit(offer.standing))
    note_opening({offer.worker, {}, wall_, name_of(offer.standing) + ": " + offer.reason});
  known.declines_until.reset();
  known.declined = 0;
  if (offer.standing != WorkerStanding::lost)
    known.given_up_at.reset();
  else if (!fresh && !known.given_up_at)
    known.given_up_at = circuit_time_ + time_to_live_of(offer.offer);
  give_up(offer.worker, offer.remembers, "its worker has lost its journal");
}

/// The task goes on: one that only waits begins to; another is placed at once, unless others wait
/// already.
void Circuit::dispatch(TaskId id) {
  if (waits(task_at(id))) return let_pass(id, std::get<Wait>(planned(task_at(id).step).work).span);
  task_at(id).status = TaskStatus::ready;
  if (!ready_.empty() || !try_to_place(id)) ready_.insert(id);
}

/// In the order in which they were made, as far as there is room.
void Circuit::place_ready() {
  for (auto& [worker, known] : state_.workers)
    if (known.declines_until && *known.declines_until <= circuit_time_)
      known.declines_until.reset();
  std::set<std::uint32_t> stuck;  // steps: their tasks need the same
  for (auto next = ready_.begin(); next != ready_.end() && has_room();) {
    const TaskId id = *next;
    const auto step = task_at(id).step;
    if (!stuck.contains(step) && try_to_place(id))
      ready_.erase(id);
    else
      stuck.insert(step);
    next = ready_.upper_bound(id);
  }
}

/// Whether any worker could take another child.
bool Circuit::has_room() const {
  return std::any_of(state_.workers.begin(), state_.workers.end(), [&](const auto& one) {
    const auto given = given_.find(one.first);
    return given == given_.end() || given->second < most_given(one.second.told);
  });
}

Placement Circuit::placement_of(TaskId id) {
  const auto& task = task_at(id);
  const bool local = state_.plan.mode == PlanMode::local;
  std::vector<Candidate> candidates;
  candidates.reserve(state_.workers.size());
  for (const auto& [worker, known] : state_.workers) {
    const auto given = given_.find(worker);
    const auto breaker = known.breakers.find(task.step);
    candidates.push_back(
        {known, given == given_.end() ? 0 : given->second,
         breaker != known.breakers.end() && is_open(breaker->second, circuit_time_)});
  }
  return place({state_.circuit, id, local ? local_need_ : planned(task.step).worker,
                state_.plan.mode, near(task), takes_slot(task)},
               candidates);
}

/// The worker that the task had better share.
std::optional<Address> Circuit::near(const Task& task) const {
  const auto& run = state_.steps[task.step];
  if (task.rolls_back && run.ran_on != Address{}) return run.ran_on;
  if (state_.plan.mode == PlanMode::distributed) return std::nullopt;
  if (state_.plan.mode == PlanMode::hybrid)
    for (const auto need : planned(task.step).needs)
      if (state_.steps[need].ran_on != Address{}) return state_.steps[need].ran_on;
  return state_.home;
}

/// False: no worker can take it at present.
bool Circuit::try_to_place(TaskId id) {
  const auto placement = placement_of(id);
  if (!placement.worker) {
    if (!placement.full) wait_for_worker(id, short_form(placement));
    return false;
  }
  const auto budget = state_.plan.budget.attempts;
  if (budget > 0 && attempts_ >= budget && !task_at(id).rolls_back) {
    over_budget_ = true;
    return false;
  }
  auto work = work_of(task_at(id));
  if (!work) {
    end_task(id, TaskStatus::failed, work.reason());
    return true;
  }
  const Address worker = *placement.worker;
  const auto session = state_.workers.at(worker).told.session;
  auto& task = task_at(id);
  task.status = TaskStatus::assigned;
  task.reason.clear();
  task.attempts.push_back({worker, wall_, false, {}, session, short_form(placement)});
  attempts_ += task.rolls_back ? 0 : 1;
  if (!state_.home) state_.home = worker;
  count_given(task, worker, 1);
  const auto attempt = static_cast<std::uint32_t>(task.attempts.size());
  made_.effects.push_back(messages::StartAttempt{worker,
                                                 {state_.circuit, id, {attempt}},
                                                 std::move(work).value(),
                                                 planned(task.step).timeout,
                                                 session});
  tell(task.step, &task, "assigned", {});
  return true;
}

/// Said once, until it waits for something else.
void Circuit::wait_for_worker(TaskId id, std::string reason) {
  auto& task = task_at(id);
  if (task.reason == reason) return;
  task.reason = std::move(reason);
  if (state_.workers.empty()) return;  // they are about to be told of
  const bool is_step = task.attempts.empty() && !fans_out(task.step);
  tell(task.step, is_step ? nullptr : &task, "ready", task.reason);
}

bool Circuit::takes_slot(const Task& task) const {
  return task.rolls_back || std::holds_alternative<ExecTemplate>(planned(task.step).work);
}

void Circuit::count_given(const Task& task, const Address& worker, int change) {
  assigned_ += static_cast<std::size_t>(change);
  if (takes_slot(task)) given_[worker] += static_cast<std::uint32_t>(change);
}

/// Another failure of this step there: whether its breaker opens by it.
bool Circuit::opens_breaker(std::uint32_t step, const Address& worker, const std::string& reason) {
  const bool opens = fail(state_.workers.at(worker).breakers[step], circuit_time_);
  if (opens) note_opening({worker, step, wall_, reason});
  return opens;
}

void Circuit::note_opening(BreakerOpening opening) {
  ++state_.breakers_opened;
  if (state_.openings.size() < openings_kept) state_.openings.push_back(std::move(opening));
}

/// What an attempt that has ended says of its worker; the hive circuit is told.
void Circuit::judge_worker(const AttemptRecord& attempt) {
  auto& known = state_.workers.at(attempt.worker);
  const auto& outcome = attempt.outcome;
  const bool failed = outcome.end == AttemptEnd::not_started && outcome.worker_failed;
  const bool declines = failed || outcome.end == AttemptEnd::declined;
  if (declines && !known.declines_until) {  // what it was given before that says nothing new
    ++known.declined;
    Duration pause = first_pause;
    for (std::uint32_t i = 1; i < known.declined && pause < longest_pause; ++i) pause *= 2;
    known.declines_until = circuit_time_ + std::min(pause, longest_pause);
  }
  const bool started = has_started(outcome.end);
  if (started) known.declined = 0;
  const bool is_news = known.failed || known.told.standing == WorkerStanding::probation ||
                       known.told.standing == WorkerStanding::degraded;
  if (!failed && !(started && is_news)) return;
  known.failed = failed;
  const auto sequence = (made_.index.value << 16U) | made_.effects.size();
  made_.effects.push_back(messages::Propose{
      messages::hive_circuit,
      {"health/" + std::to_string(state_.circuit.value), sequence},
      messages::WorkerJudged{attempt.worker, attempt.session, failed, outcome.reason}});
}

/// The attempt was not begun, and not for anything that is in its step: it goes elsewhere.
bool Circuit::is_workers_fault(Task& task, const AttemptOutcome& outcome) {
  if (outcome.end == AttemptEnd::declined) return true;
  return outcome.end == AttemptEnd::not_started && outcome.worker_failed &&
         ++task.worker_failures <= most_worker_failures;
}

/// Nobody will ever say how attempts ended that the worker got before `session`. Should one run on
/// all the same, it is ended when the worker is back.
void Circuit::give_up(const Address& worker, messages::Session session, const std::string& reason) {
  const auto count = static_cast<std::uint32_t>(state_.tasks.size());
  for (std::uint32_t i = 1; i <= count; ++i) {
    const auto& task = task_at({i});
    if (task.status != TaskStatus::assigned || task.attempts.back().worker != worker ||
        task.attempts.back().session >= session)
      continue;
    const messages::AttemptNumber attempt{static_cast<std::uint32_t>(task.attempts.size())};
    made_.effects.push_back(messages::EndAttempt{worker, {state_.circuit, {i}, attempt}});
    AttemptOutcome outcome;
    outcome.end = AttemptEnd::unknown;
    outcome.reason = reason;
    conclude({i}, std::move(outcome));
  }
}

/// The time to live of workers that are lost is over: they have ended what they ran.
void Circuit::give_up_lost() {
  for (auto& [worker, known] : state_.workers) {
    if (!known.given_up_at || *known.given_up_at > circuit_time_) continue;
    known.given_up_at.reset();
    if (state_.home == worker) state_.home.reset();
    give_up(worker, {known.told.session.value + 1},
            name_of_worker(worker) + " is lost, and its time to live is over");
  }
}

std::optional<Duration> Circuit::worker_deadline() const {
  std::optional<Duration> earliest;
  const auto consider = [&](const std::optional<Duration>& at) {
    if (at && (!earliest || *at < *earliest)) earliest = at;
  };
  for (const auto& [worker, known] : state_.workers) {
    consider(known.given_up_at);
    if (!ready_.empty()) consider(known.declines_until);
  }
  return earliest;
}

}  // namespace queenright::roles
