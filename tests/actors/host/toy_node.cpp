#include "toy_node.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

#include "messages/reader.hpp"
#include "persistence/recovery.hpp"

namespace queenright::host::test {

using messages::Effect;
using messages::Input;
using messages::RoleId;
using messages::RoleKind;
using messages::StopNode;
using persistence::MemoryDisk;
using persistence::MemoryJournal;

SupervisedToys::SupervisedToys(std::optional<roles::Strategy> strategy) {
  if (!strategy) return;
  supervision_.emplace();
  supervision_->strategy = *strategy;
  supervision_->children = {queen, worker, hive};
  supervision_->max_restarts = 5;
  supervision_->period = std::chrono::seconds{10};
}

std::unique_ptr<messages::Role> SupervisedToys::make(RoleId role) const {
  if (role.kind != RoleKind::supervisor || !supervision_) return ToyCatalogue::make(role);
  return std::make_unique<roles::RestartPolicy>(roles::SupervisorState{*supervision_, {}});
}

messages::Result<std::unique_ptr<messages::Role>> SupervisedToys::restore(
    RoleId role, std::string_view snapshot) const {
  if (role.kind != RoleKind::supervisor || !supervision_)
    return ToyCatalogue::restore(role, snapshot);
  return std::unique_ptr<messages::Role>(std::make_unique<roles::RestartPolicy>(
      messages::decode<roles::SupervisorState>(snapshot).value()));
}

ToyNode::ToyNode(std::shared_ptr<MemoryDisk> disk, std::optional<roles::Strategy> strategy,
                 persistence::WatchedJournal::Hooks hooks)
    : catalogue_(strategy),
      disk_(std::move(disk)),
      journal_(std::make_unique<MemoryJournal>(disk_), std::move(hooks)) {}

void ToyNode::start() {
  auto recovery = persistence::recover(catalogue_, journal_);
  auto* recovered = std::get_if<persistence::Recovered>(&recovery);
  BOOST_REQUIRE(recovered != nullptr);
  replayed_ = recovered->inputs;
  node_ = std::make_unique<Node>(Node::Ports{toys::node, catalogue_, journal_, *ears_, clock_,
                                             [this](const std::string& reason) {
                                               ears_->release({}, {}, Effect{StopNode{6, reason}});
                                             },
                                             [] {}});
  messages::Booted booted;
  booted.timing = messages::usual_timing;
  booted.node = toys::node;
  booted.queens = {toys::node};
  booted.worker.slots = 1;
  node_->start(std::move(recovered->roles), booted);
}

void ToyNode::say(RoleId to, const std::string& word, std::int32_t number) {
  deliver(to, toys::say(word, number));
}

void ToyNode::deliver(RoleId to, Input::Body body) { node_->deliver(to, {}, {}, std::move(body)); }

bool ToyNode::hears(RoleId toy, const std::string& answer) {
  say(toy, "tell");
  return wait_for(name_of(toy) + ": " + answer) && !ending();
}

bool ToyNode::wait_for(const std::string& word) const {
  return ears_->wait_until([&](const std::vector<toys::Ears::Heard>& heard) {
    return std::any_of(heard.begin(), heard.end(), [&](const toys::Ears::Heard& one) {
      return std::holds_alternative<StopNode>(one.effect.body) ||
             toys::what_was_told(one.effect) == word;
    });
  });
}

std::optional<StopNode> ToyNode::ending() const {
  for (const auto& one : ears_->heard())
    if (const auto* stop = std::get_if<StopNode>(&one.effect.body)) return *stop;
  return std::nullopt;
}

MemoryDisk ToyNode::disk_now() {
  std::promise<MemoryDisk> copied;
  node_->with_journal([&](persistence::Journal&) { copied.set_value(*disk_); });
  return copied.get_future().get();
}

std::string ToyNode::difference() const {
  const MemoryJournal journal(disk_);
  persistence::Replay replay(catalogue_, journal);
  const auto ran = replay.run({});
  if (!ran) return ran.reason();
  return replay.divergence() ? replay.divergence()->what : std::string();
}

}  // namespace queenright::host::test
