#include "sim/world/hive.hpp"

#include <utility>

#include "messages/digest.hpp"
#include "messages/ensure.hpp"
#include "sim/world/made_up_workers.hpp"

namespace queenright::sim {

using messages::Booted;
using messages::Cause;
using messages::Effect;
using messages::NodeId;
using messages::RoleKind;
using messages::TraceId;

World::Hive::Hive(const Options& wanted)
    : options(wanted),
      network(agenda, options, [this](Letter letter) { arrives(std::move(letter)); }),
      catalogue_(roles::embedded_supervision(), options.rules) {
  Booted booted;
  booted.timing = options.timing;
  for (std::uint16_t i = 1; i <= options.queens; ++i) booted.queens.push_back({i});
  const auto nodes = static_cast<std::uint16_t>(options.queens + options.workers);
  for (std::uint16_t i = 1; i <= nodes; ++i) {
    booted.node = {i};
    (i <= options.queens ? queens : workers).push_back(booted.node);
    booted.worker =
        i <= options.queens ? messages::WorkerOffer{} : made_up_offer(options, i - options.queens);
    add_node(booted);
  }
  for (std::uint64_t i = 1; i <= options.clients; ++i) add_client(i);
  for (auto& [id, node] : nodes_)
    agenda.at({}, [&node = *node] { node.start(); });  // when those who look on are there
}

void World::Hive::add_node(Booted booted) {
  const NodeId id = booted.node;
  nodes_[id] = std::make_unique<Node>(ports_of(id), options, std::move(booted));
  children_[id] = std::make_unique<Children>(
      agenda, options.seed, id, [this, id](messages::ChildExited exited) {
        nodes_.at(id)->deliver(messages::worker_role(), {}, {}, std::move(exited));
      });
}

void World::Hive::add_client(std::uint64_t number) {
  clients.push_back(
      std::make_unique<Client>(Client::Ports{agenda,
                                             [this, number](NodeId queen, messages::Item item) {
                                               say(number, queen, std::move(item));
                                             }},
                               options, number));
}

Node::Ports World::Hive::ports_of(NodeId id) {
  return {agenda,
          catalogue_,
          [this, id](TraceId trace, const Cause& cause, Effect effect) {
            leaves(id, trace, cause, std::move(effect));
          },
          [this, id](const persistence::TakenTurn& turn, messages::Position position) {
            taken(id, turn, position);
          },
          [this, id](messages::Position durable) {
            observe(&Observer::synced, Synced{agenda.now(), id, durable});
          },
          [this](const Started& started) { observe(&Observer::started, started); },
          [this](const Ended& over) { ended(over); },
          [this](const std::string& what) { violations.push_back(what); }};
}

Node& World::Hive::node(NodeId id) {
  const auto found = nodes_.find(id);
  messages::ensure(found != nodes_.end(), "a verb names a node of this world");
  return *found->second;
}

void World::Hive::leaves(NodeId from, TraceId trace, const Cause& cause, Effect effect) {
  observe(&Observer::released, Released{agenda.now(), from, cause, effect});
  Children& children = *children_.at(from);
  if (auto* send = std::get_if<messages::Send>(&effect.body))
    this->send({trace, cause, std::move(*send)});
  else if (const auto* spawn = std::get_if<messages::Spawn>(&effect.body))
    children.spawn(*spawn);
  else if (const auto* end = std::get_if<messages::EndChild>(&effect.body))
    children.end(*end);
  else if (const auto* sweep = std::get_if<messages::SweepCircuit>(&effect.body))
    children.sweep(sweep->circuit);
  else if (const auto* stop = std::get_if<messages::StopNode>(&effect.body))
    nodes_.at(from)->at({}, [this, from, reason = stop->reason] { node(from).end(1000, reason); });
}

void World::Hive::send(Letter letter) {
  if (letter.send.to.node == letter.cause.who.node)
    tell_client(letter.send.to.node, letter.send);
  else
    network.send(std::move(letter));
}

void World::Hive::arrives(Letter letter) {
  const auto found = nodes_.find(letter.send.to.node);
  if (found == nodes_.end()) return;
  if (letter.send.to.role.kind == RoleKind::client)
    return tell_client(letter.send.to.node, letter.send);
  found->second->deliver(letter.send.to.role, letter.trace, letter.cause,
                         messages::Envelope{letter.cause.who, std::move(letter.send.items)});
}

/// Through the queen that the client had asked, while she is there.
void World::Hive::tell_client(NodeId queen, const messages::Send& send) {
  const auto number = send.to.role.number;
  if (number == 0 || number > clients.size() || node(queen).process() == nullptr) return;
  agenda.at(agenda.now() + network.delay, [this, queen, number, items = send.items] {
    for (const auto& item : items) {
      observe(&Observer::told, Spoke{agenda.now(), number, queen, item});
      clients[number - 1]->hear(item);
    }
  });
}

void World::Hive::say(std::uint64_t client, NodeId queen, messages::Item item) {
  observe(&Observer::asked, Spoke{agenda.now(), client, queen, item});
  agenda.at(agenda.now() + network.delay, [this, client, queen, item = std::move(item)]() mutable {
    messages::Envelope envelope{{queen, {RoleKind::client, client}}, {}};
    envelope.items.push_back(std::move(item));
    node(queen).deliver(messages::queen_role(), {}, {}, std::move(envelope));
  });
}

void World::Hive::taken(NodeId id, const persistence::TakenTurn& turn,
                        messages::Position position) {
  ++turns;
  const std::array<std::uint64_t, 4> words{id.value, static_cast<std::uint64_t>(turn.self.id.kind),
                                           turn.self.id.number, turn.self.sequence.value};
  const auto mix = [&](const auto& numbers) {
    const std::string_view bytes(reinterpret_cast<const char*>(numbers.data()),
                                 numbers.size() * sizeof(std::uint64_t));
    hash = messages::digest_of(bytes, hash).value;
  };
  mix(words);
  mix(turn.digests);
  for (Observer* observer : observers)
    observer->turned({agenda.now(), id, turn.self.id, turn.self.sequence, position,
                      turn.self.role.get(), turn.input, turn.effects, turn.failure});
}

void World::Hive::ended(const Ended& over) {
  children_.at(over.node)->end_all();
  observe(&Observer::ended, over);
  if (options.exit_proof)
    agenda.at(agenda.now() + network.delay, [this, id = over.node] { prove_exit(id); });
}

/// Where a link to it is not cut: its machine must answer for it.
void World::Hive::prove_exit(NodeId gone) {
  if (gone.value > options.queens || node(gone).process() != nullptr) return;
  const messages::PeerExited proof{gone, node(gone).incarnation()};
  for (std::uint16_t i = 1; i <= options.queens; ++i) {
    const NodeId peer{i};
    if (peer == gone || network.is_cut(peer, gone) || network.is_cut(gone, peer)) continue;
    node(peer).deliver(messages::queen_role(), {}, {}, proof);
  }
}

void World::Hive::suspend(NodeId id, messages::Duration span) {
  node(id).pause();
  children(id).suspend(span);
  agenda.at(agenda.now() + span, [this, id] { node(id).resume(); });
}

}  // namespace queenright::sim
