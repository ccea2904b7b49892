#include "tests/election/queens.hpp"

#include <algorithm>
#include <iterator>

#include "messages/ensure.hpp"

namespace queenright::election {

using messages::ensure;
using messages::Envelope;
using messages::Item;
using messages::RoleKind;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr Duration of_a_letter = milliseconds{1};
constexpr Duration of_a_sync = milliseconds{1};
constexpr Duration of_a_circuit = microseconds{10};

}  // namespace

Queens::Queens(std::size_t count, Rules rules) : rules_(rules) {
  for (std::uint16_t i = 1; i <= count; ++i) nodes_[{i}].id = {i};
  for (const NodeId id : all()) boot(id);
}

std::vector<NodeId> Queens::all() const {
  std::vector<NodeId> ids;
  for (const auto& [id, node] : nodes_) ids.push_back(id);
  return ids;
}

std::vector<NodeId> Queens::others(NodeId queen) const {
  auto ids = all();
  std::erase(ids, queen);
  return ids;
}

void Queens::run(Duration span) {
  const Instant end = now_ + span;
  while (advance(end)) {
  }
}

bool Queens::until(const std::function<bool()>& condition, Duration span) {
  const Instant end = now_ + span;
  while (!condition())
    if (!advance(end)) return condition();
  return true;
}

/// The next thing that happens, if it does by `end`.
bool Queens::advance(Instant end) {
  Instant next = end + Duration{1};
  Node* due = nullptr;
  if (!events_.empty()) next = std::min(next, events_.begin()->first.first);
  for (auto& [id, node] : nodes_) {
    auto at = node.up ? node.queen->deadline() : std::nullopt;
    if (at && late.contains(id)) at = *at + late.at(id);
    if (!at || *at >= next) continue;
    next = std::max(*at, now_);
    due = &node;
  }
  now_ = std::min(next, end);
  if (next > end) return false;
  if (due != nullptr) {
    step(*due, messages::Due{});
  } else {
    auto first = events_.extract(events_.begin());
    deliver(std::move(first.mapped()));
  }
  return true;
}

void Queens::push(Duration delay, Event event) {
  events_.emplace(std::pair(now_ + delay, ++order_), std::move(event));
}

/// Until it is synced.
void Queens::hold(Node& node, Event event) {
  if (node.stalled)
    node.unsynced.push_back(std::move(event));
  else
    push(of_a_sync, std::move(event));
}

void Queens::go_on(NodeId queen) {
  Node& node = nodes_.at(queen);
  node.stalled = false;
  for (auto& event : std::exchange(node.unsynced, {})) push(of_a_sync, std::move(event));
}

void Queens::deliver(Event event) {
  Node& node = nodes_.at(event.to);
  if (!node.up || (event.life != 0 && event.life != node.incarnation)) return;
  if (event.leaves_for) return leave(event.to, *event.leaves_for, event.items);
  step(node, Envelope{event.from, std::move(event.items)});
}

void Queens::take(NodeId queen, Input::Body body) { step(nodes_.at(queen), std::move(body)); }

void Queens::step(Node& node, Input::Body body) {
  const auto wall = std::chrono::duration_cast<milliseconds>(now_.since_boot).count();
  Input input{{}, {}, now_, {1'700'000'000'000 + wall}, std::move(body)};
  node.inputs.push_back(input);
  messages::Effects wanted;
  node.queen->step(std::move(input), wanted);
  for (const auto& effect : wanted.take()) sort(node, effect);
  node.records.push_back({now_ + of_a_sync, node.queen->state(), node.circuits});
  while (node.records.size() > 1 && node.records[1].synced_at <= now_) node.records.pop_front();
}

void Queens::sort(Node& node, const messages::Effect& effect) {
  if (const auto* retire = std::get_if<messages::Retire>(&effect.body)) {
    node.circuits.erase({retire->role.number});
    return;
  }
  const auto& [to, items] = std::get<messages::Send>(effect.body);
  const bool held = release_of(effect) == messages::Release::held;
  if (to.role.kind == RoleKind::circuit) {
    for (const auto& item : items) order(node, {to.role.number}, item);
  } else if (to.role.kind != RoleKind::queen) {
    for (const auto& item : items) {
      if (const auto* reply = std::get_if<messages::Reply>(&item))
        replies.push_back({now_, node.id, *reply});
      else if (const auto* wanted = std::get_if<messages::SinkEffect>(&item))
        effects.push_back({now_, node.id, *wanted});
      else if (const auto* answer = std::get_if<messages::Answer>(&item))
        answers.push_back({now_, node.id, *answer});
    }
  } else if (to.node == node.id && !held) {
    push({}, {node.id, node.incarnation, to, items, {}});
  } else if (to.node == node.id) {
    hold(node, {node.id, node.incarnation, to, items, {}});
  } else if (held) {
    hold(node, {node.id, node.incarnation, {}, items, to.node});
  } else {
    leave(node.id, to.node, items);
  }
}

/// What a queen wants of one of her circuits, which answers a little later.
void Queens::order(Node& node, CircuitId id, const Item& item) {
  if (ignores && ignores(node.id, item)) return;
  CountingCircuit& circuit = node.circuits[id];
  const auto answer = [&](Item made) {
    const Address from{node.id, messages::circuit_role(id)};
    push(of_a_circuit, {node.id, node.incarnation, from, {std::move(made)}, {}});
  };
  if (const auto* committed = std::get_if<messages::Committed>(&item))
    answer(circuit.apply(*committed));
  else if (std::holds_alternative<messages::Checkpoint>(item))
    answer(circuit.checkpoint(id));
  else if (const auto* read = std::get_if<messages::Read>(&item))
    answer(circuit.answer(*read));
  else
    circuit.restore(std::get<messages::Restore>(item));
}

void Queens::leave(NodeId from, NodeId to, const std::vector<Item>& items) {
  std::vector<Item> kept;
  for (const auto& item : items) {
    const bool contact = std::holds_alternative<Contact>(item);
    if (!contact && !std::holds_alternative<Hello>(item)) said.push_back({now_, from, to, item});
    if (contact || !loses || !loses(from, to, item)) kept.push_back(item);
  }
  if (cut_.contains({from, to})) return;
  push(of_a_letter, {to, 0, {from, messages::queen_role()}, std::move(kept), {}});
}

void Queens::crash(NodeId queen) {
  Node& node = nodes_.at(queen);
  while (node.records.size() > 1 && node.records[1].synced_at <= now_) node.records.pop_front();
  node.records.erase(std::next(node.records.begin()), node.records.end());
  node.up = false;
}

void Queens::boot(NodeId queen, bool amnesiac) {
  Node& node = nodes_.at(queen);
  if (node.records.empty() || amnesiac) {
    node.queen = std::make_unique<Queen>(rules_);
    node.circuits.clear();
  } else {
    node.queen = std::make_unique<Queen>(node.records.front().queen, rules_);
    node.circuits = node.records.front().circuits;
  }
  node.records.clear();
  node.up = true;
  messages::Booted booted;
  booted.timing = messages::usual_timing;
  booted.incarnation = {++node.incarnation};
  booted.seed = 100 * queen.value + node.incarnation;
  booted.node = queen;
  booted.queens = all();
  booted.amnesiac = amnesiac;
  step(node, booted);
  node.records.back().synced_at = now_;  // before the first byte
}

void Queens::prove_exit(NodeId exited) {
  const messages::Incarnation incarnation{nodes_.at(exited).incarnation};
  for (const NodeId queen : others(exited))
    if (nodes_.at(queen).up) take(queen, messages::PeerExited{exited, incarnation});
}

void Queens::demote(NodeId queen, std::optional<CircuitId> circuit, std::string reason) {
  take(queen, messages::Demote{circuit, std::move(reason)});
}

void Queens::isolate(NodeId queen) {
  for (const NodeId other : others(queen)) {
    cut(queen, other);
    cut(other, queen);
  }
}

void Queens::tell(NodeId from, NodeId to, Item item) {
  const Contact contact = queen(from).support().contact(to);
  take(to, Envelope{{from, messages::queen_role()}, {contact, std::move(item)}});
}

void Queens::submit(NodeId queen, const Submit& submit) {
  take(queen, Envelope{{queen, {RoleKind::client, 1}}, {submit}});
}

void Queens::read(NodeId queen, CircuitId circuit, const std::string& key, bool stale) {
  take(queen, Envelope{{queen, {RoleKind::client, 1}}, {messages::Read{circuit, {key, 0}, stale}}});
}

void Queens::acknowledge(const messages::SinkEffect& effect) {
  for (const NodeId queen : all())
    if (nodes_.at(queen).up)
      take(queen, Envelope{worker_address,
                           {messages::SinkAck{effect.circuit, effect.epoch, effect.id, false}}});
}

std::string Queens::told(NodeId queen, CircuitId circuit) {
  return nodes_.at(queen).circuits[circuit].told();
}

std::optional<NodeId> Queens::root(CircuitId circuit) const {
  std::optional<NodeId> found;
  for (const auto& [id, node] : nodes_) {
    if (!node.up || !knows(id, circuit) || !replica(id, circuit).leads()) continue;
    if (!found || promised(*found, circuit) < promised(id, circuit)) found = id;
  }
  return found;
}

bool Queens::level(CircuitId circuit) const {
  const auto leader = root(circuit);
  if (!leader) return false;
  const Log& best = log(*leader, circuit);
  return std::all_of(nodes_.begin(), nodes_.end(), [&](const auto& one) {
    const auto& [id, node] = one;
    if (!node.up) return true;
    if (!knows(id, circuit)) return false;
    const Log& mine = log(id, circuit);
    return mine.accepted == best.accepted && mine.length == best.length &&
           mine.commit == best.length && mine.settled == best.length;
  });
}

const messages::Reply* Queens::reply(const std::string& key) const {
  const auto last = std::find_if(replies.rbegin(), replies.rend(),
                                 [&](const auto& one) { return one.item.key.session == key; });
  return last == replies.rend() ? nullptr : &last->item;
}

Rules without(Rule rule) {
  Rules rules;
  rules.set_broken(rule);
  return rules;
}

std::unique_ptr<Queens> settled(std::size_t count, Rules rules) {
  auto queens = std::make_unique<Queens>(count, rules);
  ensure(queens->until([&] { return queens->level(); }), "queens who hear each other settle");
  queens->run(milliseconds{100});
  queens->said.clear();
  return queens;
}

std::unique_ptr<Queens> with_a_run(std::size_t count, Rules rules) {
  auto queens = settled(count, rules);
  queens->submit({1}, open_run("opening"));
  ensure(queens->until([&] { return queens->level(first_run); }), "its opener leads a circuit");
  queens->run(milliseconds{100});
  queens->said.clear();
  return queens;
}

}  // namespace queenright::election
