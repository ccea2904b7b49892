#include "deploy/program/chaos/fault_director.hpp"

#include <signal.h>

#include <algorithm>
#include <utility>

namespace queenright::program {
namespace {

constexpr std::chrono::seconds patience_with_a_node{20};

bool ends_its_nodes(ChaosKind kind) {
  return kind == ChaosKind::kill || kind == ChaosKind::full_disk;
}

bool is_one_of(const std::vector<std::string>& nodes, const std::string& node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

}  // namespace

void FaultDirector::go_on(std::chrono::milliseconds since_begin) {
  for (auto one = lasting_.begin(); one != lasting_.end();) {
    const bool goes_on = one->ends() > since_begin;
    if (!goes_on) end(*one);
    one = goes_on ? std::next(one) : lasting_.erase(one);
  }
  bring_back();
  for (; next_ < faults_.size() && faults_[next_].at <= since_begin; ++next_) {
    const auto why_not = obstacle(faults_[next_]);
    if (why_not.empty())
      begin(faults_[next_]);
    else
      hooks_.left_out(faults_[next_], why_not);
  }
}

/// On a machine that is busy a node may take longer to come back than was planned.
std::string FaultDirector::obstacle(const PlannedFault& fault) const {
  const bool hits_queens = trait_of(fault.kind).interrupts &&
                           members_.node(fault.nodes.front())->kind == MemberKind::queen;
  for (const auto& node : members_.nodes) {
    const bool matters =
        is_one_of(fault.nodes, node.name) ||
        (hits_queens && node.kind == MemberKind::queen && !held_.contains(node.name));
    if (matters && !processes_.is_ready(node.name)) return node.name + " is not back yet";
  }
  return {};
}

void FaultDirector::begin(const PlannedFault& fault) {
  hooks_.begins(fault);
  for (const auto& node : fault.nodes) {
    if (ends_its_nodes(fault.kind)) {
      held_.insert(node);
      ending_.insert(node);
    }
    if (fault.kind == ChaosKind::kill || fault.kind == ChaosKind::stop)
      processes_.send_signal(node, fault.kind == ChaosKind::kill ? SIGKILL : SIGSTOP);
    else if (const auto* cut = std::get_if<CutPeer>(&*fault.order))
      part(node, *cut);
    else
      tell(node, *fault.order);
  }
  ++begun_;
  lasting_.push_back(fault);
  hooks_.began(fault);
}

void FaultDirector::end(const PlannedFault& fault) {
  for (const auto& node : fault.nodes) {
    if (fault.kind == ChaosKind::stop)
      processes_.send_signal(node, SIGCONT);
    else if (!ends_its_nodes(fault.kind))
      tell(node, Heal{});
    else if (fault.kind == ChaosKind::full_disk && processes_.is_ready(node))
      tell(node, Heal{});
    held_.erase(node);
  }
}

/// From all whom it speaks with: workers speak with queens only.
void FaultDirector::part(const std::string& node, const CutPeer& cut) {
  const bool is_queen = members_.node(node)->kind == MemberKind::queen;
  for (const auto& other : members_.nodes)
    if (other.name != node && (is_queen || other.kind == MemberKind::queen))
      tell(node, CutPeer{other.id, cut.from_there, cut.to_there});
}

void FaultDirector::tell(const std::string& node, const FaultOrder& order) {
  const auto told = processes_.tell(node, order, patience_with_a_node);
  if (!told && !ending_.contains(node))
    hooks_.violated(node + " did not obey its fault line: " + told.reason());
}

void FaultDirector::bring_back() {
  for (const auto& ended : processes_.take_ended()) {
    ended_.insert(ended.node);
    if (ending_.erase(ended.node) == 0)
      hooks_.violated(ended.node + ' ' + ended.how +
                      ", and no fault made it: " + processes_.last_words(ended.node));
  }
  for (const auto& node : std::exchange(ended_, {})) {
    if (held_.contains(node))
      ended_.insert(node);
    else
      processes_.start_again(node);
  }
}

void FaultDirector::heal() {
  next_ = faults_.size();
  for (const auto& fault : std::exchange(lasting_, {})) end(fault);
}

bool FaultDirector::is_whole() {
  bring_back();
  return std::all_of(members_.nodes.begin(), members_.nodes.end(),
                     [this](const Member& node) { return processes_.is_ready(node.name); });
}

}  // namespace queenright::program
