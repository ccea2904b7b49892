#include "deploy/program/chaos/run_check.hpp"

#include <fmt/format.h>

#include <fstream>

#include "deploy/program/chaos/plan_shapes.hpp"
#include "messages/run_status.hpp"

namespace queenright::program {
namespace {

class Checking {
 public:
  Checking(const std::map<std::string, FoundRun>& found, const std::vector<std::string>& marks)
      : found_(found) {
    for (const auto& mark : marks) ++marks_[mark];
  }

  void look_at(const Submission& submission) {
    ++check_.submitted;
    if (!submission.refused.empty())
      violate("{} was refused: {}", submission.key, submission.refused);
    const FoundRun* run = nullptr;
    if (!submission.run.empty()) run = acknowledged(submission);
    for (const auto& mark : marks_of(submission.shape))
      look_at(submission, mark,
              run != nullptr && (run->status == "succeeded" || run->status == forgotten));
  }

  RunCheck ended() { return std::move(check_); }

 private:
  template <class... Arguments>
  void violate(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    check_.violations.push_back(fmt::format(text, std::forward<Arguments>(arguments)...));
  }

  const FoundRun* acknowledged(const Submission& submission) {
    ++check_.acknowledged;
    const auto found = found_.find(submission.run);
    if (found == found_.end()) {
      violate("{} was acknowledged as {}, and is lost", submission.key, submission.run);
      return nullptr;
    }
    const auto& run = found->second;
    ++check_.by_status[run.status];
    if (!messages::is_at_rest(run.status) && run.status != forgotten)
      violate("{} is {}, and does not end", submission.run, run.status);
    else if (run.status == "failed")
      violate("{} failed, though no step of it can: {}", submission.run, run.reason);
    else if (run.status == "awaiting_operator" && run.waits_for.empty())
      violate("{} waits, and names nothing that it waits for", submission.run);
    else if (run.status == "awaiting_operator")
      check_.wait[submission.run] = run.waits_for;
    return &run;
  }

  void look_at(const Submission& submission, const Mark& mark, bool must_be_there) {
    const auto found = marks_.find(submission.key + ' ' + mark.step);
    const std::size_t times = found == marks_.end() ? 0 : found->second;
    if (mark.once && times > 1)
      violate("{} ({}): step {} is not idempotent, and was done {} times", submission.key,
              submission.run, mark.step, times);
    if (must_be_there && times == 0)
      violate("{} ({}) succeeded, but its step {} was never done", submission.key, submission.run,
              mark.step);
  }

  const std::map<std::string, FoundRun>& found_;
  std::map<std::string, std::size_t> marks_;
  RunCheck check_;
};

}  // namespace

RunCheck check_runs(const std::vector<Submission>& submissions,
                    const std::map<std::string, FoundRun>& found,
                    const std::vector<std::string>& marks) {
  Checking checking(found, marks);
  for (const auto& submission : submissions) checking.look_at(submission);
  return checking.ended();
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace queenright::program
