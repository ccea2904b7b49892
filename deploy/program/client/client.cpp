#include "deploy/program/client/client.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "deploy/program/failure.hpp"
#include "deploy/program/random_key.hpp"

namespace queenright::program {

using messages::Answer;
using messages::CircuitId;
using messages::Events;
using messages::LogIndex;
using messages::NodeAnswer;
using messages::Reply;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr auto repeat_after = std::chrono::seconds{2};
constexpr auto ask_again_after = milliseconds{20};
// A queen who says nothing, or that she can't now; she may look long for what is in her journal.
constexpr auto leave_after = std::chrono::seconds{2};
constexpr auto leave_reader_after = std::chrono::seconds{8};

}  // namespace

void Client::begin_trace(messages::TraceId trace) {
  const std::lock_guard lock(mutex_);
  trace_ = trace;
}

std::uint64_t Client::moves() const {
  const std::lock_guard lock(mutex_);
  return moves_;
}

/// Nothing: none came in time, or it is to be said again, since another queen is connected than
/// after so many `moves`.
template <class Given, class Mine>
std::optional<Given> Client::wait_for(std::vector<Given>& given, const Mine& mine,
                                      std::uint64_t moves) {
  std::unique_lock lock(mutex_);
  const auto find = [&] { return std::find_if(given.begin(), given.end(), mine); };
  changed_.wait_for(lock, repeat_after,
                    [&] { return find() != given.end() || stop_ || moves_ != moves; });
  const auto found = find();
  if (found == given.end()) {
    if (!stop_) return std::nullopt;
    throw Failure(static_cast<ExitCode>(stop_->exit_code), "stopped: " + stop_->reason);
  }
  Given mine_at_last = std::move(*found);
  given.erase(found);
  return mine_at_last;
}

/// Until there is an answer. A queen who says nothing for so long is left.
template <class Given, class Mine>
Given Client::asked(const Said& said, std::vector<Given>& given, const Mine& mine,
                    milliseconds leave) {
  const auto since = steady_clock::now();
  auto leave_at = since + leave;
  for (;;) {
    const auto before = moves();
    say_(said);
    if (auto answer = wait_for(given, mine, before)) return std::move(*answer);
    if (patience_ && steady_clock::now() - since > *patience_)
      throw Failure(ExitCode::unavailable, "no queen of the hive answers");
    if (moves() != before || steady_clock::now() < leave_at) continue;
    move_on_();
    leave_at = steady_clock::now() + leave;
  }
}

Reply Client::ask(const messages::Submit& submit) {
  const auto mine = [&](const Reply& reply) {
    return reply.circuit == submit.circuit && reply.key == submit.key;
  };
  const auto since = steady_clock::now();
  auto leave_at = since + leave_after;
  for (;;) {  // the same key is the same command
    Reply reply = asked({trace_, {submit}, {}}, replies_, mine, leave_after);
    if (is_final(reply.answered)) return reply;
    if (patience_ && steady_clock::now() - since > *patience_)
      throw Failure(ExitCode::unavailable, reply.reason);
    if (steady_clock::now() >= leave_at) {
      move_on_();  // she may be cut off, and others not
      leave_at = steady_clock::now() + leave_after;
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, ask_again_after);
  }
}

Answer Client::ask(const messages::Read& read) {
  return asked(
      {trace_, {read}, {}}, read_, [&](const Answer& answer) { return answer.key == read.key; },
      leave_after);
}

Answer Client::ask(const messages::Inspect& inspect) {
  return asked(
      {trace_, {inspect}, {}}, read_,
      [&](const Answer& answer) { return answer.key == inspect.key; }, leave_after);
}

NodeAnswer Client::ask(const messages::NodeQuestion& question) {
  return asked(
      {trace_, {}, {question}}, answers_,
      [&](const NodeAnswer& answer) { return answer.key == question.key; }, leave_reader_after);
}

NodeAnswer Client::ask_all(messages::NodeQuestion question) {
  for (std::size_t asked = 1;; ++asked) {
    question.key = {random_key(), 0};
    auto answer = ask(question);
    if (answer.refused.empty() || asked >= queens_) return answer;
    move_on_();
  }
}

void Client::watch(CircuitId circuit, LogIndex since) {
  {
    const std::lock_guard lock(mutex_);
    since = watched_.try_emplace(circuit, Watched{since}).first->second.heard;
  }
  say_({trace_, {messages::Watch{circuit, since}}, {}});
}

std::optional<Client::Happening> Client::next(milliseconds wait) {
  auto happening = first(wait);
  auto* events = happening ? std::get_if<Events>(&*happening) : nullptr;
  if (events == nullptr) return happening;
  Events missed = missed_before(*events);
  hear(missed);
  hear(*events);
  events->missed = missed.missed;
  events->events.insert(events->events.begin(), missed.events.begin(), missed.events.end());
  return happening;
}

std::optional<Client::Happening> Client::first(milliseconds wait) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [&] { return !happenings_.empty(); });
  if (happenings_.empty()) return std::nullopt;
  Happening happening = std::move(happenings_.front());
  happenings_.pop_front();
  return happening;
}

void Client::take(std::vector<messages::Item> items) {
  const std::lock_guard lock(mutex_);
  for (auto& item : items) {
    if (auto* reply = std::get_if<Reply>(&item))
      replies_.push_back(std::move(*reply));
    else if (auto* answer = std::get_if<Answer>(&item))
      read_.push_back(std::move(*answer));
    else if (auto* events = std::get_if<Events>(&item))
      happenings_.emplace_back(std::move(*events));
  }
  changed_.notify_all();
}

/// A queen does not remember all since what was heard last; or the run is over, and was not when it
/// was heard of last.
bool Client::is_behind(const Events& events) const {
  if (queens_ == 0) return false;
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(events.circuit);
  if (found == watched_.end() || found->second.heard == LogIndex{}) return false;
  const auto closes = [](const messages::RunEvent& event) {
    return event.step.empty() && event.state == "closed";
  };
  return events.missed ||
         (!found->second.over && std::any_of(events.events.begin(), events.events.end(), closes));
}

/// Nothing, for who is not behind.
Events Client::missed_before(const Events& events) {
  Events missed{events.circuit, {}, false};
  if (!is_behind(events)) return missed;
  const auto since = [&] {
    const std::lock_guard lock(mutex_);
    return watched_[events.circuit].heard;
  }();
  LogIndex last{};  // that is known to have happened
  for (const auto& event : events.events) last = std::max(last, event.index);
  try {
    auto answer = ask_all({{}, "events", std::to_string(events.circuit.value), since});
    missed.events = std::move(answer.events);
    missed.missed =
        !answer.refused.empty() || (!missed.events.empty() && missed.events.back().index < last);
  } catch (const Failure&) {  // no queen finds the time; the run goes on
    missed.missed = true;
  }
  return missed;
}

/// What was heard of from another queen does not happen twice.
void Client::hear(Events& events) {
  const std::lock_guard lock(mutex_);
  Watched& watched = watched_[events.circuit];
  std::erase_if(events.events, [&](const messages::RunEvent& event) {
    return event.index != LogIndex{} && event.index <= watched.heard;
  });
  for (const auto& event : events.events) {
    watched.heard = std::max(watched.heard, event.index);
    if (event.step.empty()) watched.over = messages::is_over(event.state);
  }
}

void Client::take(NodeAnswer answer) {
  const std::lock_guard lock(mutex_);
  answers_.push_back(std::move(answer));
  changed_.notify_all();
}

void Client::happen(Happening happening) {
  const std::lock_guard lock(mutex_);
  if (const auto* stop = std::get_if<messages::StopNode>(&happening)) stop_ = *stop;
  happenings_.push_back(std::move(happening));
  changed_.notify_all();
}

void Client::moved() {
  Said watching;
  {
    const std::lock_guard lock(mutex_);
    watching.trace = trace_;
    for (const auto& [circuit, watched] : watched_)
      watching.items.emplace_back(messages::Watch{circuit, watched.heard});
    ++moves_;
    changed_.notify_all();
  }
  if (!watching.items.empty()) say_(watching);
}

}  // namespace queenright::program
