#include "sim/world/node.hpp"

#include <chrono>
#include <utility>

#include "persistence/incarnation.hpp"
#include "persistence/recovery.hpp"

namespace queenright::sim {

using messages::Instant;
using messages::RoleId;
using persistence::Journal;
using persistence::Recovered;
using persistence::Unrecoverable;

namespace {

constexpr messages::Duration longest_uptime = std::chrono::hours{1};
constexpr messages::WallTime new_year{1'767'225'600'000};  // 2026-01-01

}  // namespace

Node::Node(Ports ports, const Options& options, messages::Booted booted)
    : ports_(std::move(ports)),
      checkpoint_bytes_(options.checkpoint_bytes),
      rules_(options.rules),
      booted_(std::move(booted)),
      chance_(options.seed, 0x100U + booted_.node.value),
      clock_(ports_.agenda, {std::chrono::seconds{1} + chance_.up_to(longest_uptime)}, new_year),
      disk_(options.sync) {}

void Node::start() {
  if (process_ != nullptr || disk_.is_full()) return;
  if (!disk_.unreadable().empty()) lose_directory();
  auto journal = disk_.open();
  auto recovery = persistence::recover(ports_.catalogue, *journal);
  if (const auto* failed = std::get_if<Unrecoverable>(&recovery)) {
    if (failed->why != Unrecoverable::Why::damaged)
      return ports_.violated("node " + std::to_string(id().value) + ": " + failed->reason);
    lose_directory();  // what a person does about a damaged journal
    journal = disk_.open();
    recovery = Recovered{};
  }
  const auto booted = next_boot(*journal);
  const auto position = journal->tail().last_position;
  ports_.started({ports_.agenda.now(), id(), last_, position, booted.amnesiac});
  process_ = std::make_unique<Process>(
      Process::Ports{
          id(), ports_.catalogue, clock_, rules_, disk_, checkpoint_bytes_,
          [this](Instant when, std::function<void()> action) { at(when, std::move(action)); },
          ports_.leaves, ports_.taken,
          [this](messages::Position durable) {
            is_durable(durable);
            ports_.synced(durable);
          },
          [this](const std::string& reason) {
            at({},
               [this, reason] { end(static_cast<std::uint32_t>(chance_.below(1001)), reason); });
          }},
      std::move(journal), std::move(std::get<Recovered>(recovery).roles), booted);
  known_at_ = {position.value + process_->roles().size()};
}

/// Every role has its Booted, and knows of the loss.
void Node::is_durable(messages::Position position) {
  if (position >= known_at_) lost_ = false;
}

messages::Booted Node::next_boot(Journal& journal) {
  if (lost_) persistence::continue_incarnations(journal, last_);
  messages::Booted booted = booted_;
  booted.incarnation = persistence::next_incarnation(journal);
  booted.seed = chance_.word();
  booted.amnesiac = lost_;
  last_ = booted.incarnation;
  return booted;
}

void Node::end(std::uint32_t kept_permille, const std::string& reason) {
  if (process_ == nullptr) return;
  ++life_;
  paused_ = false;
  postponed_.clear();
  process_->crash(kept_permille);
  process_.reset();
  last_ = persistence::last_incarnation(*disk_.open());
  disk_.crashed();
  const auto durable = disk_.open()->tail().last_position;
  is_durable(durable);
  ports_.ended({ports_.agenda.now(), id(), last_, durable, reason});
}

void Node::lose_directory() {
  end(0, "its directory is gone");
  disk_.lose();
  lost_ = true;
}

void Node::resume() {
  if (!std::exchange(paused_, false)) return;
  for (auto& action : std::exchange(postponed_, {})) at({}, std::move(action));
}

void Node::set_rate(std::int64_t ppm) {
  clock_.set_rate(ppm);
  if (process_ != nullptr) process_->clock_changed();
}

void Node::tear_last_block() {
  if (process_ == nullptr) disk_.tear_last_block();
}

void Node::flip_bit() {
  if (process_ == nullptr) disk_.flip_bit(chance_);
}

void Node::deliver(RoleId to, messages::TraceId trace, messages::Cause cause,
                   messages::Input::Body body) {
  if (process_ == nullptr) return;
  if (!paused_) return process_->deliver(to, trace, cause, std::move(body));
  postponed_.push_back([this, to, trace, cause, body = std::move(body)] {
    process_->deliver(to, trace, cause, body);
  });
}

void Node::at(Instant when, std::function<void()> action) {
  ports_.agenda.at(when, [this, life = life_, action = std::move(action)]() mutable {
    if (life != life_) return;
    if (paused_) return postponed_.push_back(std::move(action));
    action();
  });
}

}  // namespace queenright::sim
