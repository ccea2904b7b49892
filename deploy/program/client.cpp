#include "deploy/program/client.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "deploy/program/failure.hpp"

namespace queenright::program {

using messages::Reply;
using messages::Submit;

namespace {

constexpr auto repeat_after = std::chrono::seconds{2};
constexpr auto ask_again_after = std::chrono::milliseconds{20};

}  // namespace

Reply Client::ask(const Submit& submit) {
  while (true) {
    say_(trace_, {own_, {submit}});
    std::unique_lock lock(mutex_);
    const auto mine = [&] {
      return std::find_if(replies_.begin(), replies_.end(), [&](const Reply& reply) {
        return reply.circuit == submit.circuit && reply.key == submit.key;
      });
    };
    const auto stopped = [&] { return stop_.has_value(); };
    changed_.wait_for(lock, repeat_after, [&] { return mine() != replies_.end() || stopped(); });
    const auto found = mine();
    if (found == replies_.end() && stopped())
      throw Failure(static_cast<ExitCode>(stop_->exit_code), "stopped: " + stop_->reason);
    if (found == replies_.end()) continue;  // lost on the way: the same key is the same command
    Reply reply = std::move(*found);
    replies_.erase(found);
    if (is_final(reply.answered)) return reply;
    changed_.wait_for(lock, ask_again_after);
  }
}

void Client::watch(messages::CircuitId circuit) {
  say_(trace_, {own_, {messages::Watch{circuit}}});
}

std::optional<Client::Happening> Client::next(std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [&] { return !happenings_.empty(); });
  if (happenings_.empty()) return std::nullopt;
  Happening happening = std::move(happenings_.front());
  happenings_.pop_front();
  return happening;
}

void Client::take(messages::Send send) {
  for (auto& item : send.items) {
    if (auto* reply = std::get_if<Reply>(&item)) {
      const std::lock_guard lock(mutex_);
      replies_.push_back(std::move(*reply));
      changed_.notify_all();
    } else if (auto* events = std::get_if<messages::Events>(&item)) {
      happen(std::move(*events));
    }
  }
}

void Client::happen(Happening happening) {
  const std::lock_guard lock(mutex_);
  if (const auto* stop = std::get_if<messages::StopNode>(&happening)) stop_ = *stop;
  happenings_.push_back(std::move(happening));
  changed_.notify_all();
}

}  // namespace queenright::program
