#include "sim/world/world.hpp"

#include <utility>

#include "messages/ensure.hpp"
#include "sim/world/hive.hpp"

namespace queenright::sim {

using messages::Duration;
using messages::Instant;
using messages::NodeId;

namespace {

/// What a node that was told to drain can still write.
constexpr std::uint64_t last_room = 64U << 10U;
constexpr int no_space = 6;

}  // namespace

World::World(const Options& options) : hive_(std::make_unique<Hive>(options)) {}
World::~World() = default;

void World::observe(Observer& observer) { hive_->observers.push_back(&observer); }

bool World::step() {
  if (!hive_->agenda.next()) return false;
  hive_->agenda.step();
  return true;
}

void World::run_until(Instant end) {
  for (auto next = hive_->agenda.next(); next && *next <= end; next = hive_->agenda.next())
    hive_->agenda.step();
  hive_->agenda.stand_at(end);
}

Instant World::now() const { return hive_->agenda.now(); }

void World::cut(NodeId from, NodeId to) { hive_->network.cut(from, to); }
void World::restore(NodeId from, NodeId to) { hive_->network.restore(from, to); }
void World::set_loss(std::uint32_t permille) { hive_->network.loss_permille = permille; }
void World::set_duplicates(std::uint32_t permille) {
  hive_->network.duplicates_permille = permille;
}
void World::set_delay(Duration base, Duration jitter) {
  hive_->network.delay = base;
  hive_->network.jitter = jitter;
}
void World::set_bandwidth(std::uint64_t bytes_per_second) {
  hive_->network.bytes_per_second = bytes_per_second;
}

void World::crash(NodeId node, std::uint32_t kept_permille) {
  hive_->node(node).end(kept_permille, "crashed");
}
void World::restart(NodeId node) { hive_->node(node).start(); }
void World::lose_directory(NodeId node) { hive_->node(node).lose_directory(); }
void World::pause(NodeId node) { hive_->node(node).pause(); }
void World::resume(NodeId node) { hive_->node(node).resume(); }
void World::prove_exit(NodeId node) { hive_->prove_exit(node); }

void World::demote(NodeId node, std::optional<messages::CircuitId> circuit,
                   const std::string& reason) {
  hive_->node(node).deliver(messages::queen_role(), {}, {}, messages::Demote{circuit, reason});
}

void World::fail_spawns(NodeId node, bool on) { hive_->children(node).fail_spawns(on); }

void World::set_rate(NodeId node, std::int64_t ppm) { hive_->node(node).set_rate(ppm); }
void World::jump_wall(NodeId node, std::int64_t milliseconds) {
  hive_->node(node).clock().jump_wall(milliseconds);
}
void World::suspend(NodeId node, Duration span) { hive_->suspend(node, span); }

void World::slow_sync(NodeId node, Duration span) { hive_->node(node).disk().sync_span = span; }
void World::fail_next_write(NodeId node) { hive_->node(node).disk().fail_next_write = true; }
void World::fail_next_sync(NodeId node) { hive_->node(node).disk().fail_next_sync = true; }

void World::fill_disk(NodeId node) {
  hive_->node(node).disk().fill(last_room);
  tell_of_disk(node, {"little room is left on the disk", no_space});
}

void World::empty_disk(NodeId node) {
  hive_->node(node).disk().empty();
  tell_of_disk(node, {});
}

/// As the process does that watches it.
void World::tell_of_disk(NodeId node, const messages::Drain& drain) {
  for (const auto role : {messages::queen_role(), messages::worker_role()})
    hive_->node(node).deliver(role, {}, {}, drain);
}

void World::tear_last_block(NodeId node) { hive_->node(node).tear_last_block(); }
void World::flip_bit(NodeId node) { hive_->node(node).flip_bit(); }
void World::lying_sync(NodeId node, bool on) { hive_->node(node).disk().lie(on); }

const std::vector<NodeId>& World::queens() const { return hive_->queens; }
const std::vector<NodeId>& World::workers() const { return hive_->workers; }

bool World::is_up(NodeId node) const { return hive_->node(node).process() != nullptr; }
Instant World::clock_of(NodeId node) const { return hive_->node(node).clock().now(); }
bool World::is_paused(NodeId node) const { return hive_->node(node).is_paused(); }
messages::Incarnation World::incarnation(NodeId node) const {
  return hive_->node(node).incarnation();
}

const messages::Role* World::role(NodeId node, messages::RoleId role) const {
  const Process* process = hive_->node(node).process();
  return process == nullptr ? nullptr : process->role(role);
}

std::vector<messages::RoleId> World::roles(NodeId node) const {
  const Process* process = hive_->node(node).process();
  return process == nullptr ? std::vector<messages::RoleId>() : process->roles();
}

const std::vector<std::unique_ptr<Client>>& World::clients() const { return hive_->clients; }

void World::submit_run(NodeId queen, const PlainWork& work) {
  messages::ensure(!hive_->clients.empty(), "somebody is there to submit a run");
  hive_->clients.front()->submit(queen, work);
}

void World::cancel_run(messages::CircuitId run, NodeId queen) {
  for (auto& client : hive_->clients) client->cancel(run, queen);
}

void World::stop_clients() {
  for (auto& client : hive_->clients) client->stop();
}

std::uint64_t World::hash() const { return hive_->hash; }
std::uint64_t World::turns() const { return hive_->turns; }
const std::vector<std::string>& World::violations() const { return hive_->violations; }

const persistence::MemoryDisk& World::recording(NodeId node) const {
  return hive_->node(node).disk().kept();
}

}  // namespace queenright::sim
