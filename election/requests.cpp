#include "election/requests.hpp"

#include <algorithm>
#include <utility>

#include "election/timing.hpp"

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

Requests::Requests(Agreement& agreement, const Election& election, const Support& support,
                   Letters& letters, const Rules& rules, RequestsState state)
    : agreement_(agreement),
      election_(election),
      support_(support),
      letters_(letters),
      rules_(rules),
      state_(std::move(state)) {
  for (const auto& [circuit, replica] : agreement_.replicas())
    if (!replica.requests.empty()) waiting_.insert(circuit);
}

void Requests::boot() {
  state_.draining.clear();
  state_.proposals.clear();
  state_.readers.clear();
  waiting_.clear();
}

/// Why a command is not even tried here, or the answer that it already has.
std::optional<Reply> Requests::refusal(const Submit& wanted, const Replica* replica) const {
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

/// Why new work is not taken by this queen at present.
std::optional<Reply> Requests::not_now(const Address& from, const Submit& wanted,
                                       const Replica& replica) const {
  const bool opens = std::holds_alternative<messages::OpenRun>(wanted.command);
  const bool alone = support_.state().pairs.empty();  // else another queen may take it
  if (opens && !state_.draining.empty() && !replica.under_way(wanted.key))
    return said(wanted, alone ? Answered::refused : Answered::unavailable,
                "draining: " + state_.draining);
  if (election_.degraded() && from != own_address() && !replica.requests.contains(wanted.key))
    return said(wanted, Answered::unavailable,
                "degraded: this queen reaches no majority; what runs goes on, and "
                "new work is taken when a majority is back");
  return std::nullopt;
}

void Requests::submit(const Address& from, Submit wanted) {
  Replica* replica = agreement_.find(wanted.circuit);
  if (auto refused = refusal(wanted, replica)) return answer(from, std::move(*refused));
  if (is_another_queen(from)) return forwarded(from.node, *replica, std::move(wanted));
  if (auto later = not_now(from, wanted, *replica)) return answer(from, std::move(*later));
  auto [place, fresh] = replica->requests.try_emplace(wanted.key);
  Request& request = place->second;
  if (fresh) {
    request.ends = step_.now + timing::request(support_.timing());
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

void Requests::propose(const Proposal& whose, Submit wanted) {
  state_.proposals[{wanted.circuit, wanted.key}] = whose;
  submit(std::move(wanted));
}

/// Another queen's client wants it, and she takes this one for the root. One who leaves takes
/// nothing new, but that is no answer for a client: the other queen turns to the next root.
void Requests::forwarded(NodeId queen, Replica& replica, Submit wanted) {
  const Address from{queen, messages::queen_role()};
  if (!replica.appends())
    return answer(from, said(wanted, Answered::not_root, "another queen leads"));
  const Key key = wanted.key;
  if (!replica.lead.pending.contains(key)) {
    if (replica.lead.leaving || replica.log.ends())
      return answer(from, said(wanted, Answered::not_root, "nothing new is taken here"));
    agreement_.append(replica, std::move(wanted), queen);
  }
  auto& queens = replica.lead.pending.at(key).queens;
  if (std::find(queens.begin(), queens.end(), queen) == queens.end()) queens.push_back(queen);
}

/// A-R17: to the log where this queen is root, else to the root; else it waits for one. What comes
/// after a CLOSE waits until that is settled: its key may be known then (A-R16).
void Requests::serve(Replica& replica, Request& request) {
  const Submit& wanted = request.submit;
  if (replica.appends()) {
    const bool pending = replica.lead.pending.contains(wanted.key);
    if (replica.lead.leaving || (replica.log.ends() && !pending)) return;
    request.hand_to(replica.lead.ballot);
    if (!pending) agreement_.append(replica, wanted, support_.state().self);
    if (!rules_.holds(Rule::answer_when_settled))
      for (const auto& waiter : request.waiters) answer(waiter, said(wanted, Answered::ok, {}));
    return;
  }
  const View& view = election_.contest(replica.circuit).view;
  if (view.released || !support_.supports(view.ballot.queen, view.ballot.session)) return;
  if (request.root == view.ballot && step_.now < request.forward_again) return;
  request.hand_to(view.ballot);
  request.forward_again = step_.now + 2 * support_.timing().hello;
  letters_.to(view.ballot.queen, wanted);
}

void Requests::serve(Replica& replica) {
  for (auto& [key, request] : replica.requests) serve(replica, request);
}

void Requests::expire() {
  for (const CircuitId circuit : std::set(waiting_)) expire(*agreement_.find(circuit));
  std::erase_if(state_.readers, [&](const auto& one) {
    const auto& reader = one.second;
    if (step_.now < reader.ends) return false;
    const auto& [circuit, key] = reader.read;
    answer(reader.from, messages::Answer{circuit, key, "no answer came in time", {}, {}, {}, {}});
    return true;
  });
}

void Requests::expire(Replica& replica) {
  if (replica.log.closed) return close_all(replica);
  std::vector<Request> over;
  for (auto request = replica.requests.begin(); request != replica.requests.end();) {
    if (step_.now < request->second.ends) {
      serve(replica, request->second);
      ++request;
    } else {
      over.push_back(std::move(request->second));
      request = replica.requests.erase(request);
    }
  }
  if (replica.requests.empty()) waiting_.erase(replica.circuit);
  for (const auto& request : over) {
    const bool definite = !request.handed_over || !rules_.holds(Rule::definite_refusals);
    const Reply reply =
        definite ? said(request.submit, Answered::unavailable,
                        "no queen leads this circuit at the moment")
                 : said(request.submit, Answered::unknown, "its root did not answer in time");
    for (const auto& waiter : request.waiters) answer(waiter, reply);
  }
}

/// What was agreed has been answered.
void Requests::close_all(Replica& replica) {
  for (const auto& [key, request] : std::exchange(replica.requests, {}))
    for (const auto& waiter : request.waiters)
      answer(waiter, said(request.submit, Answered::closed, "the circuit is over"));
  waiting_.erase(replica.circuit);
}

/// Those who wait for it here, and the queens whose clients do.
void Requests::settled(Replica& replica, const Key& key, const messages::AppliedEntry& made) {
  const Reply reply{
      replica.circuit, key,          made.refused.empty() ? Answered::ok : Answered::refused,
      made.result,     made.refused, made.index};
  if (const auto pending = replica.lead.pending.extract(key); !pending.empty())
    for (const auto queen : pending.mapped().queens) {
      letters_.to(queen, reply);
      agreement_.tell_commit(replica, queen);  // her circuit, too, is to make something of it
    }
  close(replica, key, reply);
}

void Requests::take(Reply reply) {
  Replica* replica = agreement_.find(reply.circuit);
  if (replica == nullptr) return;
  const auto found = replica->requests.find(reply.key);
  if (found == replica->requests.end()) return;
  const bool busy = reply.answered == Answered::busy && found->second.elsewhere;
  if (busy || reply.answered == Answered::unknown || reply.answered == Answered::not_root) {
    found->second.root = {};
    found->second.forward_again = step_.now;
    return;
  }
  close(*replica, reply.key, reply);
}

/// Answers those who wait for it here.
void Requests::close(Replica& replica, const Key& key, const Reply& reply) {
  const auto request = replica.requests.extract(key);
  if (request.empty()) return;
  if (replica.requests.empty()) waiting_.erase(replica.circuit);
  for (const auto& waiter : request.mapped().waiters) answer(waiter, reply);
}

/// To a client, a worker or another queen; or, where an effect of a circuit here was a command
/// to another one, to that effect.
void Requests::answer(const Address& waiter, Reply reply) {
  if (is_another_queen(waiter)) return letters_.to(waiter.node, std::move(reply));
  if (waiter != own_address()) return step_.effects->send(waiter, std::move(reply));
  const auto proposal = state_.proposals.extract({reply.circuit, reply.key});
  if (proposal.empty() || !is_final(reply.answered)) return;  // said again with its effects
  agreement_.confirm(proposal.mapped().circuit, proposal.mapped().effect);
}

void Requests::read(const Address& from, messages::Read wanted) {
  const auto refuse = [&](const std::string& reason) {
    answer(from, messages::Answer{wanted.circuit, wanted.key, reason, {}, {}, {}, {}});
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
  state_.readers[own] = {from,
                         step_.now + timing::request(support_.timing()),
                         {wanted.circuit, wanted.key},
                         wanted.stale};
  wanted.key = own;
  if (here)
    letters_.to_circuit(wanted.circuit, wanted);
  else
    letters_.to(view.ballot.queen, wanted);
}

void Requests::take(messages::Answer given) {
  const auto reader = state_.readers.extract(given.key);
  if (reader.empty()) return;
  given.key = reader.mapped().read.key;
  const Replica* replica = agreement_.find(given.circuit);
  if (replica != nullptr && given.epoch == Epoch{}) {
    given.epoch = replica->log.accepted;
    if (reader.mapped().stale && !agreement_.acting(*replica))
      given.age = step_.now - current_at(*replica);
  }
  answer(reader.mapped().from, std::move(given));
}

/// When the state here was last known to be the root's: she told of nothing more since than is
/// here, and that she lives (A-R19).
Instant Requests::current_at(const Replica& replica) const {
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

void Requests::answer(const Address& reader, messages::Answer answer) {
  if (reader.role.kind == messages::RoleKind::queen)
    letters_.to(reader.node, std::move(answer));
  else
    step_.effects->send(reader, std::move(answer));
}

/// After a crash a circuit that was given out is not known again before circuit 0 has applied
/// what it had committed.
bool Requests::knows_all_circuits() const {
  const Replica& hive = *agreement_.find(messages::hive_circuit);
  return agreement_.acting(hive) && hive.log.settled == hive.log.commit;
}

bool Requests::is_another_queen(const Address& who) const {
  return who.role.kind == messages::RoleKind::queen && who.node != support_.state().self;
}

}  // namespace queenright::election
