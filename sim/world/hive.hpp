#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/roles/catalogue.hpp"
#include "sim/world/children.hpp"
#include "sim/world/client.hpp"
#include "sim/world/network.hpp"
#include "sim/world/node.hpp"
#include "sim/world/world.hpp"

namespace queenright::sim {

/// All that a world consists of, and how its parts hear of each other.
class World::Hive {
 public:
  explicit Hive(const Options& options);

  Node& node(messages::NodeId id);
  Children& children(messages::NodeId id) { return *children_.at(id); }
  std::map<messages::NodeId, std::unique_ptr<Node>>& nodes() { return nodes_; }

  void prove_exit(messages::NodeId gone);
  void suspend(messages::NodeId id, messages::Duration span);

  const Options options;
  Agenda agenda;
  Network network;
  std::vector<messages::NodeId> queens;
  std::vector<messages::NodeId> workers;
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<Observer*> observers;
  std::vector<std::string> violations;
  std::uint64_t hash = 0;
  std::uint64_t turns = 0;

 private:
  void add_node(messages::Booted booted);
  void add_client(std::uint64_t number);
  Node::Ports ports_of(messages::NodeId id);

  void leaves(messages::NodeId from, messages::TraceId trace, const messages::Cause& cause,
              messages::Effect effect);
  void send(Letter letter);
  void arrives(Letter letter);
  void tell_client(messages::NodeId queen, const messages::Send& send);
  void say(std::uint64_t client, messages::NodeId queen, messages::Item item);
  void taken(messages::NodeId node, const persistence::TakenTurn& turn,
             messages::Position position);
  void ended(const Ended& ended);
  template <class Event>
  void observe(void (Observer::*method)(const Event&), const Event& event) {
    for (Observer* observer : observers) (observer->*method)(event);
  }

  const roles::RoleCatalogue catalogue_;
  std::map<messages::NodeId, std::unique_ptr<Node>> nodes_;
  std::map<messages::NodeId, std::unique_ptr<Children>> children_;
};

}  // namespace queenright::sim
