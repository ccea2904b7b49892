#include "election/queen.hpp"

#include <algorithm>
#include <utility>

#include "election/inspection.hpp"
#include "election/timing.hpp"
#include "messages/ensure.hpp"
#include "messages/exit_code.hpp"
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
      agreement_(election_, support_, letters_, presence_, rules_),
      requests_(agreement_, election_, support_, letters_, rules_),
      circuits_(agreement_, requests_, presence_, rules_) {}

Queen::Queen(QueenState state, Rules rules)
    : rules_(rules),
      support_(rules_, std::exchange(state.support, {})),
      election_(std::exchange(state.election, {}), support_, letters_, rules_),
      tree_(rules_, std::exchange(state.tree, {})),
      presence_(std::exchange(state.presence, {})),
      agreement_(election_, support_, letters_, presence_, rules_,
                 std::exchange(state.agreement, {})),
      requests_(agreement_, election_, support_, letters_, rules_,
                std::exchange(state.requests, {})),
      circuits_(agreement_, requests_, presence_, rules_),
      health_(std::exchange(state.health, {})),
      state_(std::move(state)) {
  std::vector<NodeId> others;
  for (const auto& [queen, pair] : support_.state().pairs) others.push_back(queen);
  letters_.begin(std::move(others));
}

QueenState Queen::state() const {
  QueenState whole = state_;
  whole.support = support_.state();
  whole.election = election_.state();
  whole.tree = tree_.state();
  whole.agreement = agreement_.state();
  whole.requests = requests_.state();
  whole.presence = presence_.state();
  whole.health = health_.state();
  return whole;
}

QueenView Queen::view() const {
  return {state_.node,       state_.queens,    state_.demoted,     state_.drained,
          state_.next_hello, state_.next_tick, state_.dropped,     support_.state(),
          election_.state(), tree_.state(),    agreement_.state(), requests_.state(),
          presence_.state(), health_.state()};
}

std::string Queen::snapshot() const { return messages::encode(view()); }
std::string Queen::text() const { return messages::to_text(view()); }

std::optional<Instant> Queen::deadline() const {
  std::optional<Instant> earliest;
  for (const auto& at : {state_.next_hello, state_.next_tick, support_.next_expiry(),
                         election_.next_wake(), circuits_.next_alarm(), presence_.next_look()})
    if (at && (!earliest || *at < *earliest)) earliest = at;
  return earliest;
}

void Queen::step(Input input, messages::Effects& effects) {
  step_ = {input.now, input.wall, &effects};
  election_.begin_step(input.now);
  agreement_.begin_step(input.now, input.wall);
  requests_.begin_step(step_);
  circuits_.begin_step(step_);
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
    requests_.drain(drain->reason);
    offer_to_lead();
  } else if (const auto* demotion = std::get_if<messages::Demote>(&input.body)) {
    demote(*demotion);
  } else if (const auto* exited = std::get_if<messages::PeerExited>(&input.body)) {
    if (support_.knows(exited->node)) support_.exit_proven(exited->node, exited->incarnation);
    end_supports();
  }
  finish();
}

void Queen::boot(const Booted& booted) {
  messages::ensure(booted.timing.hello > Duration{}, "a queen is told how often to say hello");
  state_.node = booted.node;
  state_.queens = booted.queens;
  state_.demoted.clear();
  state_.drained = false;  // until the hive circuit says so again
  std::vector<NodeId> others;
  for (const auto queen : booted.queens)
    if (queen != booted.node) others.push_back(queen);
  const bool alone = others.empty();
  letters_.begin(std::move(others));
  support_.boot(booted.node, booted.queens, booted.incarnation, booted.timing);
  election_.boot(booted.seed, step_.now);
  if (booted.amnesiac) election_.lose_journal(booted.survivors);
  election_.hold(booted.held);
  tree_.boot(booted.node, booted.queens, booted.incarnation, booted.timing, step_.now);
  presence_.boot(booted.node, step_.now);
  health_.boot();
  agreement_.boot(booted.seed);
  agreement_.open(messages::hive_circuit);
  requests_.boot();
  circuits_.boot();
  state_.next_hello = state_.next_tick = alone ? std::nullopt : std::optional(step_.now);
  if (alone) election_.tick();
}

void Queen::hear(NodeId from, const Hello& hello) {
  support_.hear(from, hello, step_.now);
  if (support_.pair(from).until) tree_.hear(from, hello.adverts, step_.now);  // R12: two-way
  election_.compare_views(from, hello.views);
  letters_.greet(from);  // R1: answered at once
}

void Queen::hear(NodeId from, const messages::Claim& claim) {
  if (!election_.forgotten(claim.circuit)) agreement_.open(claim.circuit);
  election_.take(from, claim);
}

void Queen::hear(NodeId from, const messages::Grant& grant) {
  agreement_.granted(from, grant);
  election_.take(from, grant);
}

void Queen::hear(NodeId from, const messages::Ended& ended) {
  if (!election_.forgotten(ended.circuit)) agreement_.open(ended.circuit);
  election_.take(from, ended);
}

void Queen::hear(NodeId from, const View& view) {
  if (election_.forgotten(view.circuit)) return election_.take(from, view);
  Replica& replica = agreement_.open(view.circuit);
  election_.take(from, view);
  requests_.serve(replica);
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
  requests_.submit({from, messages::queen_role()}, std::move(wanted));
}

void Queen::hear(NodeId from, messages::Read wanted) {
  requests_.read({from, messages::queen_role()}, std::move(wanted));
}

void Queen::hear(NodeId, messages::Reply reply) { requests_.take(std::move(reply)); }
void Queen::hear(NodeId, messages::Answer answer) { requests_.take(std::move(answer)); }

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
  const bool counts =
      contact != nullptr && support_.knows(from) && support_.hear(from, *contact, step_.now);
  if (support_.superseded()) stop_superseded(from);
  if (!counts) {
    ++state_.dropped;
    return;
  }
  end_supports();
  for (std::size_t i = 1; i < items.size(); ++i)
    std::visit([&](auto& said) { hear(from, std::move(said)); }, items[i]);
}

/// What she promises counts for nobody.
void Queen::stop_superseded(NodeId told_by) {
  const auto text = [](auto id) { return std::to_string(id.value); };
  step_.effects->emit(messages::StopNode{
      number_of(messages::ExitCode::unavailable),
      "queen " + text(told_by) + " knows start " + text(support_.last_life(state_.node)) +
          " of node " + text(state_.node) + ", and this is only start " +
          text(messages::incarnation_of(support_.state().session)) +
          ": another process has this node's key, or its directory is an old copy"});
}

/// From herself, her circuits, or the clients and workers who speak to her.
void Queen::take_at_home(const Address& from, Item& item) {
  if (auto* wanted = std::get_if<messages::Submit>(&item))
    return requests_.submit(from, std::move(*wanted));
  if (const auto* ack = std::get_if<messages::SinkAck>(&item)) return agreement_.take(*ack);
  if (const auto* watching = std::get_if<messages::Watch>(&item))
    return circuits_.watch(from, *watching);
  if (std::holds_alternative<messages::Unwatch>(item)) return circuits_.unwatch(from);
  if (const auto* inspect = std::get_if<messages::Inspect>(&item))
    return step_.effects->send(from, inspection(*inspect));
  if (const auto* wanted = std::get_if<messages::Read>(&item)) return requests_.read(from, *wanted);
  if (const auto* hello = std::get_if<messages::WorkerHello>(&item))
    return hear_worker(from, *hello);
  if (from == own_address()) {
    if (const auto* own = std::get_if<messages::Self>(&item)) {
      health_.disk_goes_on();
      return agreement_.take(*own);
    }
    if (const auto* vote = std::get_if<messages::OwnVote>(&item))
      return election_.vote_synced(vote->circuit, vote->ballot);
  }
  if (from.node == state_.node && from.role.kind == RoleKind::circuit) {
    if (const auto* made = std::get_if<messages::Applied>(&item)) {
      if (made->roster) obey(*made->roster);
      return circuits_.take(*made);
    }
    if (const auto* made = std::get_if<messages::Checkpointed>(&item))
      return agreement_.take(*made);
    if (auto* answer = std::get_if<messages::Answer>(&item))
      return requests_.take(std::move(*answer));
  }
  ++state_.dropped;
}

messages::Answer Queen::inspection(const messages::Inspect& wanted) const {
  messages::Answer answer;
  answer.circuit = wanted.circuit;
  answer.key = wanted.key;
  switch (wanted.what) {
    case messages::Inspected::circuits:
      answer.value = circuits_seen(election_, agreement_.replicas());
      break;
    case messages::Inspected::circuit:
      answer.value = explanation_seen(election_.explain(wanted.circuit), election_.degraded());
      break;
    case messages::Inspected::tree: answer.value = tree_seen(tree_); break;
    case messages::Inspected::queens: answer.value = queens_seen(election_, support_); break;
  }
  return answer;
}

bool Queen::leads_hive() const {
  const auto hive = agreement_.replicas().find(messages::hive_circuit);
  return hive != agreement_.replicas().end() && agreement_.acting(hive->second);
}

/// Only she who would count it as lost may tell a worker that it was heard, and only when she knows
/// that nobody has done so (docs/workers.md).
void Queen::hear_worker(const Address& worker, const messages::WorkerHello& hello) {
  const auto known = presence_.hear(worker, hello, step_.now);
  const bool any_answers = !rules_.holds(Rule::hive_answers) && known == true;
  if (!known || !(leads_hive() || any_answers)) return;
  const auto& log = agreement_.replicas().at(messages::hive_circuit).log;
  if (log.settled == log.commit || any_answers)
    step_.effects->send(worker, messages::WorkerHeard{hello.session, hello.sent, *known});
}

/// Whoever is not willing hands over what she leads, with the next ticks (A-R12).
void Queen::offer_to_lead() {
  election_.set_standing(!requests_.state().draining.empty() ? QueenStanding::stopping
                         : state_.drained                    ? QueenStanding::drained
                         : !state_.demoted.empty()           ? QueenStanding::demoted
                                                             : health_.standing());
  election_.avoid(health_.stuck());
}

void Queen::obey(const messages::Roster& roster) {
  const auto& drained = roster.drained;
  state_.drained = std::find(drained.begin(), drained.end(), state_.node) != drained.end();
  offer_to_lead();
}

void Queen::demote(const messages::Demote& demotion) {
  if (!demotion.circuit) {
    state_.demoted = demotion.reason;
    offer_to_lead();
  }
  if (demotion.reason.empty()) return;
  for (const auto& [circuit, replica] : agreement_.replicas())
    if (!demotion.circuit || circuit == *demotion.circuit)
      agreement_.leave(*agreement_.find(circuit), demotion.reason);
}

void Queen::end_supports() {
  support_.expire(step_.now);
  for (const auto queen : support_.take_withdrawn()) {
    tree_.lose(queen);
    election_.support_ended(queen);
  }
}

void Queen::wake() {
  election_.wake();
  if (state_.next_hello && *state_.next_hello <= step_.now) {
    health_.woke(*state_.next_hello, step_.now, support_.timing());
    state_.next_hello = std::max(*state_.next_hello + support_.timing().hello, step_.now);
    tree_.raise();
    for (const auto& [queen, pair] : support_.state().pairs) say_hello(queen);
    election_.tick();
  }
  if (state_.next_tick && *state_.next_tick <= step_.now) {
    state_.next_tick = std::max(*state_.next_tick + timing::tick(support_.timing()), step_.now);
    look_after_health();
    agreement_.tick();
    requests_.expire();
  }
  circuits_.wake();
  for (const auto& lost : presence_.silent(step_.now))
    requests_.submit({messages::hive_circuit,
                      {"lost/" + std::to_string(lost.worker.node.value), lost.session.value},
                      lost});
}

/// What promises nothing she may still say; her disk is asked by what waits for it.
void Queen::look_after_health() {
  if (health_.look(step_.now))
    step_.effects->send(own_address(), messages::Self{messages::hive_circuit, {}, 0});
  offer_to_lead();
}

/// What one part has decided may concern another one, until all are quiet.
void Queen::finish() {
  bool lost_majority = false;
  for (;;) {
    const auto changes = election_.take_changes();
    for (const auto& change : changes) {
      Replica* replica = agreement_.find(change.circuit);
      if (replica == nullptr) continue;
      if (change.kind == PartChanged::Kind::elected)
        agreement_.elected(change.circuit);
      else
        agreement_.deposed(change.circuit);
      if (change.kind == PartChanged::Kind::deposed && !support_.connected(step_.now))
        lost_majority = true;
      requests_.serve(*replica);
    }
    for (const auto& log : election_.take_recovered()) agreement_.recover(log);
    const auto begun = agreement_.take_begun();
    for (const auto circuit : begun) circuits_.issue_all(circuit);
    const auto touched = agreement_.conclude();
    if (changes.empty() && begun.empty() && touched.empty()) break;
    for (const auto circuit : touched) {
      circuits_.look_after(circuit);
      const Replica* replica = agreement_.find(circuit);
      if (replica != nullptr && !support_.state().pairs.empty()) health_.note(*replica, step_.now);
    }
  }
  if (lost_majority) health_.lost_majority(step_.now);
  presence_.judge(leads_hive(), step_.now);
  for (const auto circuit : election_.take_forgotten()) {
    circuits_.drop(circuit);
    health_.forget(circuit);
  }
  for (const auto& wanted : election_.take_wanted())
    for (const auto circuit : agreement_.tell_what_was_promised(wanted))
      circuits_.await_answers(circuit);
  election_.ask_in_turn(agreement_.opening());
  send_letters();
}

}  // namespace queenright::election
