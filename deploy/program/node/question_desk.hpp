#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "messages/client_frame.hpp"

namespace queenright::program {

/// Answers questions one after the other, on a thread of its own, since it may take long.
class QuestionDesk {
 public:
  using Answer = std::function<void(messages::NodeAnswer)>;
  using Look = std::function<messages::NodeAnswer()>;

  QuestionDesk() : thread_([this] { run(); }) {}
  ~QuestionDesk();

  /// Any thread. Called back once, unless the desk closes before, or the question of this key was
  /// said again.
  void ask(const messages::Key& key, Look look, Answer answer);

 private:
  struct Case {
    messages::Key key;
    Look look;
    Answer answer;
  };

  void run();

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::deque<Case> cases_;
  bool closing_ = false;

  std::thread thread_;
};

}  // namespace queenright::program
