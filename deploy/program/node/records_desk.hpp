#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

#include "messages/client_frame.hpp"

namespace queenright::program {

/// Answers clients from a node's journal, on a thread of its own: reading may take long.
class RecordsDesk {
 public:
  using Answer = std::function<void(messages::NodeAnswer)>;

  /// `synced` calls back when all that the node has said so far is in the journal.
  RecordsDesk(std::filesystem::path data, std::function<void(std::function<void()>)> synced);
  ~RecordsDesk();

  /// Any thread. Called back once, unless the desk closes before.
  void ask(const messages::NodeQuestion& question, Answer answer);

 private:
  struct Case {
    messages::NodeQuestion question;
    Answer answer;
  };

  void run();
  messages::NodeAnswer answer_to(const messages::NodeQuestion& question) const;

  const std::filesystem::path data_;
  const std::function<void(std::function<void()>)> synced_;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::deque<Case> cases_;
  bool closing_ = false;

  std::thread thread_;
};

}  // namespace queenright::program
