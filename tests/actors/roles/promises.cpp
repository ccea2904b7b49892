#include "tests/actors/roles/promises.hpp"

#include "messages/digest.hpp"
#include "messages/text.hpp"

namespace queenright::roles {

using messages::Answered;
using messages::AttemptEnd;
using messages::AttemptId;

void Promises::spawned(const AttemptId& attempt) {
  if (!spawns_.insert(attempt).second) broken("an attempt was spawned twice: " + to_text(attempt));
  if (done_.contains({attempt.circuit, attempt.task}))
    broken("a task whose success was durable was started again: " + to_text(attempt));
}

void Promises::synced(const messages::Input& input) {
  const auto* exited = std::get_if<messages::ChildExited>(&input.body);
  if (exited != nullptr && exited->outcome.end == AttemptEnd::exited &&
      exited->outcome.exit_code == 0)
    done_.emplace(exited->attempt.circuit, exited->attempt.task);
}

void Promises::answered(const messages::Reply& reply) {
  if (reply.answered == Answered::busy || reply.answered == Answered::unknown) return;
  const auto [first, fresh] = answers_.emplace(reply.key, reply);
  const bool was_done = first->second.answered == Answered::ok;
  if (!fresh && was_done && reply.answered != Answered::closed &&
      digest_of(first->second) != digest_of(reply))
    broken("one key, two answers: " + to_text(first->second) + " and " + to_text(reply));
}

}  // namespace queenright::roles
