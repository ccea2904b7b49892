#include "election/queen.hpp"

#include <algorithm>
#include <utility>

#include "election/timing.hpp"
#include "messages/ensure.hpp"
#include "messages/reader.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::election {

using messages::Booted;
using messages::Envelope;
using messages::Input;
using messages::Item;
using messages::RoleKind;

Queen::Queen(Rules rules)
    : rules_(rules),
      support_(rules_),
      election_({}, support_, letters_, rules_),
      tree_(rules_),
      agreement_(election_, support_, letters_, rules_) {}

Queen::Queen(QueenState state, Rules rules)
    : rules_(rules),
      support_(rules_, std::move(state.support)),
      election_(std::move(state.election), support_, letters_, rules_),
      tree_(rules_, std::move(state.tree)),
      agreement_(election_, support_, letters_, rules_) {
  agreement_.restore(std::move(state.replicas), state.random);
  state.support = {};
  state.election = {};
  state.tree = {};
  state.replicas.clear();
  state_ = std::move(state);
  std::vector<NodeId> others;
  for (const auto& [queen, pair] : support_.state().pairs) others.push_back(queen);
  letters_.begin(std::move(others));
  for (const auto& [circuit, replica] : agreement_.replicas()) {
    if (!replica.requests.empty()) waiting_.insert(circuit);
    alarms_.set(circuit, alarm(replica));
  }
}

QueenState Queen::state() const {
  QueenState whole = state_;
  whole.random = agreement_.randomness();
  whole.support = support_.state();
  whole.election = election_.state();
  whole.tree = tree_.state();
  whole.replicas = agreement_.replicas();
  return whole;
}

std::string Queen::snapshot() const { return messages::encode(state()); }
std::string Queen::text() const { return messages::to_text(state()); }

std::optional<Instant> Queen::deadline() const {
  std::optional<Instant> earliest;
  for (const auto& at : {state_.next_hello, state_.next_tick, support_.next_expiry(),
                         election_.next_wake(), alarms_.next()})
    if (at && (!earliest || *at < *earliest)) earliest = at;
  return earliest;
}

void Queen::step(Input input, Effects& effects) {
  effects_ = &effects;
  now_ = input.now;
  wall_ = input.wall;
  election_.begin_step(now_);
  agreement_.begin_step(now_, wall_);
  if (const auto* booted = std::get_if<Booted>(&input.body)) boot(*booted);
  end_supports();
  if (auto* envelope = std::get_if<Envelope>(&input.body)) {
    const Address& from = envelope->from;
    if (from.role.kind == RoleKind::queen && from.node != state_.node)
      letter(from.node, envelope->items);
    else
      for (auto& item : envelope->items) take_at_home(from, item);
  } else if (std::holds_alternative<messages::Due>(input.body)) {
    wake();
  } else if (const auto* drain = std::get_if<messages::Drain>(&input.body)) {
    state_.draining = drain->reason;
    election_.set_willing(false);
  } else if (const auto* demotion = std::get_if<messages::Demote>(&input.body)) {
    demote(*demotion);
  } else if (const auto* exited = std::get_if<messages::PeerExited>(&input.body)) {
    if (support_.knows(exited->node)) support_.exit_proven(exited->node, exited->incarnation);
    end_supports();
  }
  finish();
}

void Queen::boot(const Booted& booted) {
  state_.node = booted.node;
  state_.queens = booted.queens;
  state_.draining.clear();
  state_.demoted.clear();
  state_.proposals.clear();
  state_.readers.clear();
  state_.snapshots.clear();
  waiting_.clear();
  std::vector<NodeId> others;
  for (const auto queen : booted.queens)
    if (queen != booted.node) others.push_back(queen);
  const bool alone = others.empty();
  letters_.begin(std::move(others));
  support_.boot(booted.node, booted.queens, booted.incarnation);
  election_.boot(booted.seed, now_);
  if (booted.amnesiac) election_.lose_journal();
  election_.hold(booted.held);
  tree_.boot(booted.node, booted.queens, booted.incarnation, now_);
  agreement_.boot(booted.seed);
  know(messages::hive_circuit);
  for (const auto& [circuit, replica] : agreement_.replicas()) {
    touched_.insert(circuit);
    if (!replica.log.quarantined.empty())
      quarantine(*agreement_.find(circuit), replica.log.quarantined);
  }
  state_.next_hello = state_.next_tick = alone ? std::nullopt : std::optional(now_);
  if (alone) election_.tick();
}

/// A circuit that somebody spoke of exists.
Replica& Queen::know(CircuitId circuit, bool opener) {
  Replica& replica = agreement_.open(circuit);
  if (opener || !election_.knows(circuit)) election_.open(circuit, opener);
  return touched(replica);
}

void Queen::hear(NodeId from, const Hello& hello) {
  support_.hear(from, hello, now_);
  if (support_.pair(from).until) tree_.hear(from, hello.adverts, now_);  // R12: two-way
  election_.compare_views(from, hello.views);
  greeted_.insert(from);  // R1: answered at once
}

void Queen::hear(NodeId from, const messages::Claim& claim) {
  if (!election_.forgotten(claim.circuit)) know(claim.circuit);
  election_.take(from, claim);
}

void Queen::hear(NodeId from, const messages::Grant& grant) {
  agreement_.granted(from, grant);
  election_.take(from, grant);
}

void Queen::hear(NodeId from, const messages::Ended& ended) {
  if (!election_.forgotten(ended.circuit)) know(ended.circuit);
  election_.take(from, ended);
}

void Queen::hear(NodeId from, const View& view) {
  if (election_.forgotten(view.circuit)) return election_.take(from, view);
  Replica& replica = know(view.circuit);
  election_.take(from, view);
  serve_again(replica);
}

void Queen::hear(NodeId from, const messages::Append& append) {
  if (election_.forgotten(append.circuit)) return election_.answer_forgotten(from, append.circuit);
  agreement_.take(from, append);
}

void Queen::hear(NodeId from, const messages::Fetch& fetch) {
  if (election_.forgotten(fetch.circuit)) return election_.answer_forgotten(from, fetch.circuit);
  agreement_.take(from, fetch);
}

void Queen::hear(NodeId from, messages::Submit wanted) {
  submit({from, messages::queen_role()}, std::move(wanted));
}

void Queen::hear(NodeId from, messages::Read wanted) {
  read({from, messages::queen_role()}, std::move(wanted));
}

void Queen::hear(NodeId, messages::Reply reply) { replied(std::move(reply)); }
void Queen::hear(NodeId, messages::Answer answer) { answered(std::move(answer)); }

/// All else concerns one part alone, or no queen.
template <class Said>
void Queen::hear(NodeId from, const Said& said) {
  if constexpr (requires { election_.take(from, said); })
    election_.take(from, said);
  else if constexpr (requires { agreement_.take(from, said); })
    agreement_.take(from, said);
  else
    ++state_.dropped;
}

/// What another queen says begins with her contact, or is of a session that is over.
void Queen::letter(NodeId from, std::vector<Item>& items) {
  const auto* contact = items.empty() ? nullptr : std::get_if<Contact>(&items.front());
  if (contact == nullptr || !support_.knows(from) || !support_.hear(from, *contact, now_)) {
    ++state_.dropped;
    return;
  }
  end_supports();
  for (std::size_t i = 1; i < items.size(); ++i)
    std::visit([&](auto& said) { hear(from, std::move(said)); }, items[i]);
}

/// From herself, her circuits, or the clients and workers who speak to her.
void Queen::take_at_home(const Address& from, Item& item) {
  if (auto* wanted = std::get_if<messages::Submit>(&item)) return submit(from, std::move(*wanted));
  if (const auto* ack = std::get_if<messages::SinkAck>(&item)) return acknowledged(*ack);
  if (const auto* watching = std::get_if<messages::Watch>(&item))
    return watch(from, watching->circuit);
  if (const auto* wanted = std::get_if<messages::Read>(&item)) return read(from, *wanted);
  if (from == own_address()) {
    if (const auto* own = std::get_if<messages::Self>(&item)) return agreement_.synced(*own);
    if (const auto* vote = std::get_if<messages::OwnVote>(&item))
      return election_.vote_synced(vote->circuit, vote->ballot);
  }
  if (from.node == state_.node && from.role.kind == RoleKind::circuit) {
    if (const auto* made = std::get_if<messages::Applied>(&item)) return applied(*made);
    if (const auto* made = std::get_if<messages::Checkpointed>(&item)) return checkpointed(*made);
    if (auto* answer = std::get_if<messages::Answer>(&item)) return answered(std::move(*answer));
  }
  ++state_.dropped;
}

void Queen::demote(const messages::Demote& demotion) {
  if (!demotion.circuit) {
    state_.demoted = demotion.reason;
    election_.set_willing(state_.demoted.empty() && state_.draining.empty());
  }
  if (demotion.reason.empty()) return;
  for (const auto& [circuit, replica] : agreement_.replicas())
    if (!demotion.circuit || circuit == *demotion.circuit)
      agreement_.leave(*agreement_.find(circuit), demotion.reason);
}

void Queen::end_supports() {
  support_.expire(now_);
  for (const auto queen : support_.take_withdrawn()) {
    tree_.lose(queen);
    election_.support_ended(queen);
  }
}

void Queen::wake() {
  election_.wake();
  if (state_.next_hello && *state_.next_hello <= now_) {
    state_.next_hello = std::max(*state_.next_hello + timing::hello, now_);
    tree_.raise();
    for (const auto& [queen, pair] : support_.state().pairs) say_hello(queen);
    election_.tick();
  }
  if (state_.next_tick && *state_.next_tick <= now_) {
    state_.next_tick = std::max(*state_.next_tick + timing::tick, now_);
    agreement_.tick();
    fetch_ends();
    expire_requests();
  }
  for (const CircuitId circuit : alarms_.take_due(now_)) {
    Replica& replica = touched(*agreement_.find(circuit));
    if (replica.leads() && replica.lead.confirm_at && *replica.lead.confirm_at <= now_)
      agreement_.append_own(replica, EntryKind::confirm);
    if (replica.repeat_at && *replica.repeat_at <= now_) repeat(replica);
    issue_again(replica);
    if (replica.leads() && replica.log.deadline &&
        replica.circuit_time(now_) >= *replica.log.deadline) {
      replica.log.deadline.reset();
      agreement_.append_time_passed(replica);
    }
  }
}

/// What one part has decided may concern another one, until all are quiet.
void Queen::finish() {
  for (;;) {
    const auto changes = election_.take_changes();
    for (const auto& change : changes) {
      Replica* replica = agreement_.find(change.circuit);
      if (replica == nullptr) continue;
      if (change.kind == PartChanged::Kind::elected)
        agreement_.elected(change.circuit);
      else
        agreement_.deposed(change.circuit);
      serve_again(touched(*replica));
    }
    for (const auto& log : election_.take_recovered()) agreement_.recover(know(log.circuit), log);
    const auto begun = agreement_.take_begun();
    for (const auto circuit : begun) issue_all(touched(*agreement_.find(circuit)));
    touched_.merge(agreement_.conclude());
    if (changes.empty() && begun.empty() && touched_.empty()) break;
    while (!touched_.empty()) {
      Replica* replica = agreement_.find(touched_.extract(touched_.begin()).value());
      if (replica != nullptr) look_after(*replica);
    }
  }
  for (const auto circuit : election_.take_forgotten()) drop(circuit);
  for (const auto& wanted : election_.take_wanted()) tell_what_was_promised(wanted);
  send_letters();
}

Replica& Queen::touched(Replica& replica) {
  touched_.insert(replica.circuit);
  return replica;
}

bool Queen::degraded() const {
  const auto since = election_.state().disconnected_at;
  return since && now_ >= *since + timing::hello && !support_.connected(now_);
}

bool Queen::may_act(const Replica& replica) const {
  return replica.leads() && election_.acting(replica.circuit);
}

}  // namespace queenright::election
