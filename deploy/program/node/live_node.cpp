#include "deploy/program/node/live_node.hpp"

#include <sys/random.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "deploy/program/configuration/config_changes.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/node/service_notice.hpp"
#include "deploy/program/records/answers.hpp"
#include "deploy/program/say.hpp"
#include "messages/digest.hpp"
#include "messages/ensure.hpp"

namespace queenright::program {

using messages::LogLevel;
using messages::NodeId;
using namespace std::chrono_literals;

namespace {

messages::WorkerOffer offer_of(const NodeConfig& config) {
  messages::WorkerOffer offer;
  if (!config.worker) return offer;
  const auto& worker = *config.worker;
  const std::uint32_t enough = std::max(4U, 2 * std::thread::hardware_concurrency());
  offer.slots = worker.slots != 0 ? worker.slots : enough;
  offer.capabilities = {worker.capabilities.begin(), worker.capabilities.end()};
  offer.labels = worker.labels;
  offer.trust = worker.trust;
  offer.time_to_live = worker.time_to_live;
  offer.region = worker.region;
  return offer;
}

/// Nodes that were told otherwise of these do not speak to each other.
std::uint64_t digest_of_hive(const HiveMembers& members) {
  std::string told = members.id + ' ' + std::to_string(members.timing.hello.count()) + ' ' +
                     std::to_string(members.timing.lease.count());
  for (const auto& node : members.nodes)
    if (node.kind == MemberKind::queen)
      told += ' ' + std::to_string(node.id.value) + '=' + node.key;
  return messages::digest_of(told).value;
}

messages::ProcessId random_process() {
  messages::ProcessId process;
  while (process == messages::ProcessId{})
    messages::ensure(getrandom(&process.value, sizeof process.value, 0) == sizeof process.value,
                     "Linux has randomness");
  return process;
}

NodeProcess::Options process_options(const NodeConfig& config, const FirstStart& start,
                                     FaultLine* faults) {
  NodeProcess::Options options;
  options.data = config.data;
  options.node = config.self().id;
  options.starter = {
      persistence::JournalOwner{config.members.hive, config.members.id, config.self().id},
      survives(start, config)};
  options.several_voters = config.members.count(MemberKind::queen) > 1;
  options.keep_bytes = config.journal.keep_bytes;
  options.keep_days = config.journal.keep_days;
  options.may_be_new = start.founding;
  options.way_on = "once this is mended, start the node again: it goes on where it was";
  if (faults == nullptr) return options;
  options.clock = &faults->clock();
  options.decorate_journal = [faults](std::unique_ptr<persistence::Journal> journal) {
    return faults->on_its_disk(std::move(journal));
  };
  return options;
}

messages::Log log_to(const NodeLog& log) {
  return [&log](LogLevel level, const std::string& line) { log.write(level, line); };
}

links::PeerSpec peer_of(const Member& other) {
  return {other.id, other.name, other.key, other.address ? text_of(*other.address) : std::string()};
}

sockets::KeyPair keys_of(const NodeConfig& config) {
  return {config.self().key, config.secret_key};
}

}  // namespace

LiveNode::LiveNode(NodeConfig config, FirstStart first_start,
                   std::function<Reading<NodeConfig>()> read_again, NodeLog& log, FaultLine* faults)
    : config_(std::move(config)),
      first_start_(std::move(first_start)),
      survivors_(survivors_of(first_start_, config_)),
      read_again_(std::move(read_again)),
      log_(log),
      faults_(faults),
      blocked_(std::in_place),
      process_(process_options(config_, first_start_, faults_),
               {[this](messages::TraceId trace, const messages::Cause& cause,
                       messages::Send letter) { send(trace, cause, std::move(letter)); },
                [this](const messages::StopNode& stop) {
                  end({static_cast<ExitCode>(stop.exit_code), stop.reason});
                }}),
      members_(config_.members) {
  check_first_start(first_start_, config_, process_.is_new());
}

LiveNode::~LiveNode() { stop(); }

messages::Booted LiveNode::booted() const {
  messages::Booted booted;
  for (const auto& node : config_.members.nodes)
    if (node.kind == MemberKind::queen) booted.queens.push_back(node.id);
  booted.worker = offer_of(config_);
  booted.timing = config_.members.timing;
  booted.amnesiac =
      is_queen() && booted.queens.size() > 1 && process_.is_new() && !first_start_.founding;
  if (booted.amnesiac) booted.survivors = survivors_;
  return booted;
}

void LiveNode::start() {
  process_.prepare();
  link_up();
  if (config_.worker) exchange_artifacts();
  process_.start(booted());
  if (is_queen()) open_port();
  if (const auto time = watchdog_time()) keep_watch(*time);
  answers_ = true;
  if (watchdog_) watchdog_->begin();
  if (faults_ != nullptr) faults_->start([this](const CutPeer& peer) { return cut(peer); });
  signals_.emplace(
      [this](int) {
        end({ExitCode::success, "asked to stop"});
      },
      [this] { reload(); });
}

void LiveNode::keep_watch(std::chrono::microseconds time) {
  std::vector<messages::RoleId> roles;
  if (is_queen()) roles.push_back(messages::queen_role());
  if (config_.worker) roles.push_back(messages::worker_role());
  watchdog_ = std::make_unique<ServiceWatchdog>(
      ServiceWatchdog::Ports{[this](messages::RoleId role, messages::Envelope question) {
                               process_.node().deliver(role, {}, {}, std::move(question));
                             },
                             notify_service_manager, [this] { return status(); }},
      config_.self().id, std::move(roles), time);
}

/// A line for people.
std::string LiveNode::status() const {
  const auto peers = link_->figures().peers;
  const auto heard = std::count_if(peers.begin(), peers.end(),
                                   [](const auto& one) { return one.second.heard_lately; });
  return "running; hears " + std::to_string(heard) + " of " + std::to_string(peers.size()) +
         " other nodes" + (refused() == 0 ? "" : "; has refused " + std::to_string(refused()));
}

/// Callers, messages and requests, since the node began.
std::uint64_t LiveNode::refused() const {
  std::uint64_t count = port_ ? port_->refused() : 0;
  for (const auto& [why, times] : link_->figures().refused) count += times;
  return count;
}

void LiveNode::link_up() {
  links::ZmqLink::Options options;
  options.self = {digest_of_hive(config_.members), config_.self().id, process_.incarnation(),
                  random_process()};
  options.keys = keys_of(config_);
  const auto& timing = config_.members.timing;
  options.silence = std::max(options.silence, timing.lease + timing.hello);
  if (config_.listen) options.listen = text_of(*config_.listen);
  for (const auto& other : config_.members.nodes)
    if (other.id != config_.self().id && (other.kind == MemberKind::queen || is_queen()))
      options.peers.push_back(peer_of(other));
  auto link = links::ZmqLink::open(std::move(options),
                                   {process_.node(), process_.clock(), log_to(log_),
                                    [this](const std::string& why) { dismissed(why); }});
  if (!link) throw Failure(ExitCode::unavailable, link.reason());
  link_ = std::move(link).value();
}

void LiveNode::open_port() {
  records_.emplace();
  artifacts_.emplace();
  edges::ClientPort::Options options{
      config_.self().id, keys_of(config_), text_of(*config_.listen_clients), {}, {}};
  for (const auto& client : config_.members.clients) options.clients[client.key] = client.name;
  for (const auto& node : config_.members.nodes) options.nodes[node.key] = node.name;
  auto port = edges::ClientPort::open(
      std::move(options),
      {process_.node(), process_.clock(),
       [this](const std::string& who, const messages::NodeQuestion& question,
              edges::ClientPort::Answer then) { answer(who, question, std::move(then)); },
       log_to(log_)});
  if (!port) throw Failure(ExitCode::unavailable, port.reason());
  port_ = std::move(port).value();
}

/// False: it does not speak with that node.
bool LiveNode::cut(const CutPeer& cut) {
  const std::lock_guard lock(mutex_);
  const auto& nodes = members_.nodes;
  const bool known = cut.node != config_.self().id &&
                     std::any_of(nodes.begin(), nodes.end(), [&](const Member& node) {
                       return node.id == cut.node && (is_queen() || node.kind == MemberKind::queen);
                     });
  if (known) link_->cut(cut.node, cut.from_there, cut.to_there);
  return known;
}

/// From what the node knows at once, from its artifacts, or from its journal, when that holds all
/// that the node has said so far.
void LiveNode::answer(const std::string& who, const messages::NodeQuestion& question,
                      edges::ClientPort::Answer answer) {
  if (question.what == "nodes") return answer({question.key, {}, nodes(), {}});
  if (question.what == "artifact" || question.what == "store")
    return artifacts_->ask(
        question.key, [this, who, question] { return of_artifacts(who, question); },
        std::move(answer));
  process_.node().with_journal(
      [this, who, question, then = std::move(answer)](persistence::Journal&) mutable {
        const auto look_up = [this, who, question] {
          return answer_from_records(config_.data, who, question, process_.clock().wall());
        };
        records_->ask(question.key, look_up, std::move(then));
      });
}

messages::NodeAnswer LiveNode::of_artifacts(const std::string& who,
                                            const messages::NodeQuestion& question) {
  auto& store = process_.artifacts();
  messages::NodeAnswer answer{question.key, {}, {}, {}};
  if (question.what == "artifact") {
    auto piece = store.read(question.subject, question.offset, edges::artifact_piece);
    if (piece)
      answer.bytes = std::move(piece).value();
    else
      answer.refused = piece.reason();
    return answer;
  }
  std::string sender = who.substr(who.find('/') + 1);
  const auto taken =
      store.take(sender, question.subject, question.size, question.offset, question.bytes);
  if (taken)
    answer.value = store.has(question.subject);
  else
    answer.refused = taken.reason();
  return answer;
}

/// What tasks make goes to the queens, and what they need comes from there.
void LiveNode::exchange_artifacts() {
  edges::ArtifactExchange::Options options{keys_of(config_), {}, 0};
  for (const auto& node : config_.members.nodes) {
    if (node.kind != MemberKind::queen) continue;
    ++options.queens_in_all;
    if (node.id != config_.self().id)
      options.queens.push_back({node.name, text_of(*node.clients), node.key});
  }
  exchange_ = std::make_unique<edges::ArtifactExchange>(std::move(options), process_.artifacts());
  process_.exchange_artifacts(
      {[this](const messages::Artifact& artifact) { return exchange_->fetch(artifact); },
       [this](const messages::Artifact& artifact) { return exchange_->hand_on(artifact); }});
}

/// As this node sees them.
messages::Value LiveNode::nodes() const {
  const auto figures = link_->figures();
  const auto members = [this] {
    const std::lock_guard lock(mutex_);
    return members_.nodes;
  }();
  messages::Value::List nodes;
  for (const auto& member : members) {
    messages::Value::Map node{
        {"id", std::int64_t{member.id.value}},          {"name", member.name},
        {"kind", std::string(name_of(member.kind))},    {"heard", true},
        {"round_trip_microseconds", messages::Value()}, {"refused", messages::Value()}};
    if (member.id == config_.self().id) node["refused"] = static_cast<std::int64_t>(refused());
    if (const auto peer = figures.peers.find(member.id); peer != figures.peers.end()) {
      const auto& round_trip = peer->second.round_trip;
      node["heard"] = peer->second.heard_lately;
      if (round_trip) node["round_trip_microseconds"] = std::int64_t{*round_trip / 1us};
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

/// To a client who speaks to this node, or to another node.
void LiveNode::send(messages::TraceId trace, const messages::Cause& cause, messages::Send letter) {
  if (letter.to.node != config_.self().id)
    link_->send({trace, cause, std::move(letter)});
  else if (!answers_)
    return;  // nobody has asked yet
  else if (watchdog_ && letter.to == ServiceWatchdog::address(config_.self().id))
    watchdog_->answered(letter.items);
  else if (port_)
    port_->send(std::move(letter));
}

/// What this process promises counts for nobody any more, in this life or another.
void LiveNode::dismissed(const std::string& why) {
  process_.node().with_journal(
      [why](persistence::Journal& journal) { persistence::note_superseded(journal, why); });
  end({ExitCode::unavailable,
       why + ": another process has this node's key, or this directory is an old copy"});
}

/// All of it or nothing: what may not change while the node runs hinders the rest.
void LiveNode::reload() {
  auto reading = read_again_();
  for (const auto& error : reading.errors) log_.write(LogLevel::error, text_of(error));
  auto now = config_;
  {
    const std::lock_guard lock(mutex_);
    now.members = members_;
    now.log = log_.level();
  }
  const auto changes = changes_between(now, reading.value);
  bool hindered = !reading.errors.empty();
  if (!hindered)
    for (const auto& change : changes)
      if (!change.hinders.empty()) {
        log_.write(LogLevel::error, change.key + " can't change: " + change.hinders);
        hindered = true;
      }
  if (hindered) return log_.write(LogLevel::error, "not reloaded: the node goes on as it was");
  std::string changed;
  for (const auto& change : changes) changed += (changed.empty() ? " " : ", ") + change.key;
  take(std::move(reading.value));
  log_.write(LogLevel::info, "reloaded:" + (changed.empty() ? " nothing has changed" : changed));
}

void LiveNode::take(NodeConfig wanted) {
  log_.set(wanted.log);
  const std::lock_guard lock(mutex_);
  for (const auto& node : wanted.members.nodes)
    if (is_queen() && members_.node(node.name) == nullptr) link_->add(peer_of(node));
  if (port_) {
    for (const auto& client : wanted.members.clients) port_->admit(client.key, client.name);
    for (const auto& node : wanted.members.nodes) port_->admit_node(node.key, node.name);
  }
  members_ = std::move(wanted.members);
}

void LiveNode::end(End end) {
  const std::lock_guard lock(mutex_);
  if (!end_) end_ = std::move(end);
  changed_.notify_all();
}

LiveNode::End LiveNode::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return end_.has_value(); });
  return *end_;
}

/// In the order in which each stops bringing work to the next. Goodbye comes last: it says that
/// nothing follows.
void LiveNode::stop() {
  signals_.reset();
  if (watchdog_) watchdog_->stop();
  if (faults_ != nullptr) faults_->stop();
  if (port_) port_->stop();
  if (exchange_) exchange_->stop();
  process_.stop();
  artifacts_.reset();
  records_.reset();
  if (link_) link_->stop();
}

}  // namespace queenright::program
