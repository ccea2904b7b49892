#include "deploy/program/chaos/chaos_client.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "deploy/program/chaos/plan_shapes.hpp"
#include "deploy/program/run/follow.hpp"
#include "deploy/program/run/submission.hpp"

namespace queenright::program {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t plans_a_queen = 8;  // then the client goes to another one
constexpr milliseconds longest_care{3000};
constexpr milliseconds look_every{50};
constexpr milliseconds ask_again_after{100};

}  // namespace

void ChaosClient::connect() {
  std::vector<std::string> addresses;
  for (const auto& node : hive_.members.nodes)
    if (node.kind == MemberKind::queen) addresses.push_back(text_of(*node.clients));
  queen_.emplace(HiveAccess{addresses[draw_.below(addresses.size())], hive_.client_file}, true);
  asked_ = 0;
}

Submission ChaosClient::submit(const std::string& key, const std::atomic<bool>& gave_up) {
  Submission wanted;
  wanted.key = key;
  wanted.shape = draw_.below(plan_shapes());
  while (!gave_up && wanted.run.empty() && wanted.refused.empty()) ask(wanted);
  return wanted;
}

void ChaosClient::ask(Submission& wanted) {
  try {
    if (!queen_ || ++asked_ > plans_a_queen) connect();
    const auto plan = plan_of(wanted.shape, wanted.key, marks_);
    const auto submitted = program::submit(queen_->client(), plan, wanted.key, 0);
    wanted.run = submitted.run;
    circuit_ = wanted.circuit = submitted.circuit;
  } catch (const Failure& failure) {
    queen_.reset();
    if (failure.exit_code() == ExitCode::usage || failure.exit_code() == ExitCode::not_found)
      wanted.refused = failure.what();
    else
      std::this_thread::sleep_for(ask_again_after);
  }
}

void ChaosClient::follow(const std::atomic<bool>& stopping) {
  const auto until = steady_clock::now() + milliseconds{draw_.between(0, longest_care.count())};
  while (queen_ && !stopping && steady_clock::now() < until) {
    const auto happening = queen_->client().next(look_every);
    if (!happening) continue;
    const auto* events = std::get_if<messages::Events>(&*happening);
    if (events == nullptr) return;  // she refuses the connection
    if (events->circuit != circuit_) continue;
    for (const auto& event : events->events)
      if (event.step.empty() && is_over_or_waits(event.state)) return;
  }
}

}  // namespace queenright::program
