#include <algorithm>
#include <utility>

#include "election/queen.hpp"
#include "election/timing.hpp"

/// Commands and reads on their way to the root: A-R16 to A-R19.
namespace queenright::election {

using messages::Answered;
using messages::Reply;
using messages::Submit;

namespace {

/// Unsettled commands of one circuit, and their bytes; beyond, BUSY (A-R9).
constexpr std::size_t max_unsettled = 65'536;
constexpr std::uint64_t max_unsettled_bytes = 16U << 20U;

bool is_full(const Replica& replica) {
  if (!replica.appends()) return replica.requests.size() >= max_unsettled;
  return replica.lead.pending.size() >= max_unsettled ||
         replica.unsettled_bytes() >= max_unsettled_bytes;
}

Reply said(const Submit& submit, Answered answered, std::string reason) {
  return {submit.circuit, submit.key, answered, {}, std::move(reason)};
}

}  // namespace

/// Why a command is not even tried here, or the answer that it already has.
std::optional<Reply> Queen::refusal(const Submit& wanted, const Replica* replica) {
  if (wanted.key == Key{}) return said(wanted, Answered::refused, "a command needs a key");
  if (election_.forgotten(wanted.circuit))
    return said(wanted, Answered::closed, "the circuit is over");
  if (replica == nullptr)
    return knows_all_circuits() ? said(wanted, Answered::refused, "there is no such circuit")
                                : said(wanted, Answered::unknown, "not caught up after a start");
  if (rules_.holds(Rule::known_keys))
    if (auto known = replica->known_answer(wanted)) return known;
  if (replica->under_way(wanted.key)) return std::nullopt;
  if (replica->log.finished) return said(wanted, Answered::closed, "the circuit is over");
  if (is_full(*replica))
    return said(wanted, Answered::busy, "too many commands at once in this circuit");
  return std::nullopt;
}

void Queen::submit(const Address& from, Submit wanted) {
  Replica* replica = agreement_.find(wanted.circuit);
  if (auto refused = refusal(wanted, replica)) return answer(from, std::move(*refused));
  if (from.role.kind == messages::RoleKind::queen && from.node != state_.node)
    return forwarded(from.node, *replica, std::move(wanted));
  const bool opens = std::holds_alternative<messages::OpenRun>(wanted.command);
  if (opens && !state_.draining.empty() && !replica->under_way(wanted.key))
    return answer(from, said(wanted, Answered::refused, "draining: " + state_.draining));
  if (degraded() && from != own_address() && !replica->requests.contains(wanted.key))
    return answer(from, said(wanted, Answered::unavailable,
                             "degraded: this queen reaches no majority; what runs goes on, and "
                             "new work is taken when a majority is back"));
  auto [place, fresh] = replica->requests.try_emplace(wanted.key);
  Request& request = place->second;
  if (fresh) {
    request.ends = now_ + timing::request;
    request.submit = std::move(wanted);
    waiting_.insert(replica->circuit);
  } else if (digest_of(request.submit) != digest_of(wanted)) {
    return answer(from,
                  said(wanted, Answered::refused, "this key was already used for another command"));
  }
  auto& waiters = request.waiters;
  if (std::find(waiters.begin(), waiters.end(), from) == waiters.end()) waiters.push_back(from);
  if (fresh) serve(*replica, request);
}

/// Another queen's client wants it, and she takes this one for the root. One who leaves takes
/// nothing new, but that is no answer for a client: the other queen turns to the next root.
void Queen::forwarded(NodeId queen, Replica& replica, Submit wanted) {
  const Address from{queen, messages::queen_role()};
  if (!replica.appends())
    return answer(from, said(wanted, Answered::not_root, "another queen leads"));
  const Key key = wanted.key;
  if (!replica.lead.pending.contains(key)) {
    if (replica.lead.leaving)
      return answer(from, said(wanted, Answered::not_root, "the lead is being handed over"));
    agreement_.append(replica, std::move(wanted), queen);
  }
  auto& queens = touched(replica).lead.pending.at(key).queens;
  if (std::find(queens.begin(), queens.end(), queen) == queens.end()) queens.push_back(queen);
}

/// A-R17: to the log where this queen is root, else to the root; else it waits for one.
void Queen::serve(Replica& replica, Request& request) {
  const Submit& wanted = request.submit;
  if (replica.appends()) {
    if (replica.lead.leaving) return;
    request.hand_to(replica.lead.ballot);
    if (!replica.lead.pending.contains(wanted.key))
      agreement_.append(touched(replica), wanted, state_.node);
    if (!rules_.holds(Rule::answer_when_settled))
      for (const auto& waiter : request.waiters) answer(waiter, said(wanted, Answered::ok, {}));
    return;
  }
  const View& view = election_.contest(replica.circuit).view;
  if (view.released || !support_.supports(view.ballot.queen, view.ballot.session)) return;
  if (request.root == view.ballot && now_ < request.forward_again) return;
  request.hand_to(view.ballot);
  request.forward_again = now_ + 2 * timing::hello;
  letters_.to(view.ballot.queen, wanted);
}

void Queen::serve_again(Replica& replica) {
  for (auto& [key, request] : replica.requests) serve(replica, request);
}

// A-R18.
void Queen::expire_requests() {
  for (const CircuitId circuit : std::set(waiting_)) {
    Replica& replica = *agreement_.find(circuit);
    std::vector<Request> over;
    for (auto request = replica.requests.begin(); request != replica.requests.end();) {
      if (now_ < request->second.ends) {
        serve(replica, request->second);
        ++request;
      } else {
        over.push_back(std::move(request->second));
        request = replica.requests.erase(request);
      }
    }
    if (replica.requests.empty()) waiting_.erase(circuit);
    for (const auto& request : over) {
      const bool definite = !request.handed_over || !rules_.holds(Rule::definite_refusals);
      for (const auto& waiter : request.waiters)
        answer(waiter, definite ? said(request.submit, Answered::unavailable,
                                       "no queen leads this circuit at the moment")
                                : said(request.submit, Answered::unknown,
                                       "its root did not answer in time"));
    }
  }
  std::erase_if(state_.readers, [&](const auto& one) {
    const auto& reader = one.second;
    if (now_ < reader.ends) return false;
    const auto& [circuit, key] = reader.read;
    answer_reader(reader.from, {circuit, key, "no answer came in time", {}, {}, {}, {}});
    return true;
  });
}

/// What the root says to a command that was forwarded to her.
void Queen::replied(Reply reply) {
  Replica* replica = agreement_.find(reply.circuit);
  if (replica == nullptr) return;
  const auto found = replica->requests.find(reply.key);
  if (found == replica->requests.end()) return;
  const bool busy = reply.answered == Answered::busy && found->second.elsewhere;
  if (busy || reply.answered == Answered::unknown || reply.answered == Answered::not_root) {
    found->second.root = {};
    found->second.forward_again = now_;
    return;
  }
  const auto request = replica->requests.extract(found);
  if (replica->requests.empty()) waiting_.erase(replica->circuit);
  for (const auto& waiter : request.mapped().waiters) answer(waiter, reply);
}

/// To a client, a worker or another queen; or, where an effect of a circuit here was a command
/// to another one, to that effect.
void Queen::answer(const Address& waiter, Reply reply) {
  if (waiter.role.kind == messages::RoleKind::queen && waiter.node != state_.node)
    return letters_.to(waiter.node, std::move(reply));
  if (waiter != own_address()) return effects_->send(waiter, std::move(reply));
  const auto proposal = state_.proposals.extract({reply.circuit, reply.key});
  const bool definite = reply.answered == Answered::ok || reply.answered == Answered::refused ||
                        reply.answered == Answered::closed;
  if (proposal.empty() || !definite) return;  // said again with its circuit's effects
  Replica* replica = agreement_.find(proposal.mapped().circuit);
  if (replica != nullptr) confirm(*replica, proposal.mapped().effect);
}

// A-R19.
void Queen::read(const Address& from, messages::Read wanted) {
  const auto refuse = [&](const std::string& reason) {
    answer_reader(from, {wanted.circuit, wanted.key, reason, {}, {}, {}, {}});
  };
  Replica* replica = agreement_.find(wanted.circuit);
  if (replica == nullptr || election_.forgotten(wanted.circuit))
    return refuse("this queen knows no such circuit");
  const bool opened = replica->leads() || (replica->lead.phase == Phase::opening &&
                                           !rules_.holds(Rule::read_after_open));
  const bool leased = election_.acting(wanted.circuit) || !rules_.holds(Rule::read_under_lease);
  const bool here = wanted.stale || (opened && leased);
  const View& view = election_.contest(wanted.circuit).view;
  const bool elsewhere = from.role.kind != messages::RoleKind::queen && !view.released &&
                         support_.supports(view.ballot.queen, view.ballot.session);
  if (!here && !elsewhere) return refuse("no queen leads this circuit at the moment");
  const Key own{"read/" + std::to_string(support_.state().session.value), ++state_.reads};
  state_.readers[own] = {from, now_ + timing::request, {wanted.circuit, wanted.key}, wanted.stale};
  wanted.key = own;
  if (here)
    letters_.to_circuit(wanted.circuit, wanted);
  else
    letters_.to(view.ballot.queen, wanted);
}

/// From the circuit's replica here, or from its root.
void Queen::answered(messages::Answer answer) {
  const auto reader = state_.readers.extract(answer.key);
  if (reader.empty()) return;
  answer.key = reader.mapped().read.key;
  const Replica* replica = agreement_.find(answer.circuit);
  if (replica != nullptr && answer.epoch == Epoch{}) {
    answer.epoch = replica->log.accepted;
    if (reader.mapped().stale && !may_act(*replica)) answer.age = now_ - current_at(*replica);
  }
  answer_reader(reader.mapped().from, std::move(answer));
}

/// When the state here was last known to be the root's: she told of nothing more since than is
/// here, and that she lives (A-R19).
Instant Queen::current_at(const Replica& replica) const {
  const Instant told = replica.current_at.value_or(replica.time_at);
  if (!replica.current || election_.forgotten(replica.circuit)) return told;
  const View& view = election_.contest(replica.circuit).view;
  const bool follows = !view.released && view.ballot.epoch == replica.log.accepted &&
                       support_.knows(view.ballot.queen);
  if (!follows) return told;
  const Pair& root = support_.pair(view.ballot.queen);
  const bool leads = root.session == view.ballot.session && root.hello.connected;
  return leads ? std::max(told, root.heard_at) : told;
}

void Queen::answer_reader(const Address& from, messages::Answer answer) {
  if (from.role.kind == messages::RoleKind::queen)
    letters_.to(from.node, std::move(answer));
  else
    effects_->send(from, std::move(answer));
}

/// After a crash a circuit that was given out is not known again before circuit 0 has applied
/// what it had committed.
bool Queen::knows_all_circuits() {
  const Replica& hive = *agreement_.find(messages::hive_circuit);
  return may_act(hive) && hive.log.settled == hive.log.commit;
}

}  // namespace queenright::election
