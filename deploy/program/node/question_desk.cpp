#include "deploy/program/node/question_desk.hpp"

#include <algorithm>
#include <utility>

namespace queenright::program {

namespace {

constexpr std::size_t most_cases = 1000;

}  // namespace

QuestionDesk::~QuestionDesk() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void QuestionDesk::ask(const messages::Key& key, Look look, Answer answer) {
  const std::lock_guard lock(mutex_);
  const auto waits = [&](const Case& other) { return other.key == key; };
  if (std::any_of(cases_.begin(), cases_.end(), waits)) return;  // it was said again
  if (cases_.size() >= most_cases)
    return answer({key, "too many questions at once: ask again", {}, {}});
  cases_.push_back({key, std::move(look), std::move(answer)});
  changed_.notify_all();
}

void QuestionDesk::run() {
  for (;;) {
    Case next;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_ || !cases_.empty(); });
      if (closing_) return;
      next = std::move(cases_.front());
      cases_.pop_front();
    }
    next.answer(next.look());
  }
}

}  // namespace queenright::program
