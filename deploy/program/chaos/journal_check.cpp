#include "deploy/program/chaos/journal_check.hpp"

#include <fmt/format.h>

#include "actors/roles/catalogue.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/records/recording_at.hpp"
#include "persistence/exchange.hpp"
#include "persistence/verify.hpp"
#include "sim/invariants/watch.hpp"

namespace queenright::program {

using messages::NodeId;
using persistence::Exchange;

namespace {

/// Has the replay of one recording looked at by both.
class Watching : public persistence::ReplayWatcher {
 public:
  Watching(NodeId node, Exchange::Side& side, RootsSeen& roots)
      : node_(node), side_(side), roots_(roots) {}

  void taking(messages::Position position, const persistence::ActiveRole& role,
              const messages::Input& input) override {
    side_.taking(position, role, input);
  }
  void took(const persistence::ActiveRole& role, const std::vector<messages::Effect>& effects,
            const std::vector<std::uint64_t>& digests) override {
    side_.took(role, effects, digests);
    if (role.id == messages::queen_role()) roots_.take(node_, effects);
  }

 private:
  const NodeId node_;
  Exchange::Side& side_;
  RootsSeen& roots_;
};

class Journals {
 public:
  /// Throws Failure: what stands there can't be replayed, and why.
  void look_at(const std::filesystem::path& path) {
    const auto name = path.filename().string();
    const auto verified = persistence::verify_path(recording_path(path));
    if (!verified) throw Failure(ExitCode::failed, verified.reason());
    if (!verified.value().sound())
      throw Failure(ExitCode::failed, "the journal is not sound: " + verified.value().damage +
                                          verified.value().lost_promises);
    const auto recording = open_recording_at(path);
    if (!persistence::stopped_cleanly(*recording))
      check_.violations.push_back(name + " has not stopped cleanly");
    const auto node = persistence::node_of(*recording);
    if (!node) throw Failure(ExitCode::failed, node.reason());
    const auto side = exchange_.add(node.value(), *recording);
    if (!side) throw Failure(ExitCode::failed, side.reason());
    replay(*recording, node.value(), *side.value());
    ++check_.recordings;
  }

  void note(std::string violation) { check_.violations.push_back(std::move(violation)); }

  JournalCheck compared() {
    const auto found = exchange_.compare();
    if (!found.never_sent.empty()) note(found.never_sent);
    for (const auto& [node, count] : found.absent)
      note(fmt::format("{} messages came from node {}, which has no recording", count, node.value));
    for (const auto& wrong : roots_.violations()) note(wrong);
    check_.messages = found.matched;
    check_.elections = roots_.elections();
    return std::move(check_);
  }

 private:
  void replay(const persistence::Recording& recording, NodeId node, Exchange::Side& side) {
    Watching watching(node, side, roots_);
    persistence::Replay replay(catalogue_, recording);
    replay.watched_by(watching);
    const auto base = recording.base_snapshots();
    if (!base) throw Failure(ExitCode::failed, base.reason());
    auto done = replay.start_from(base.value());
    if (done) done = replay.run({});
    if (!done) throw Failure(ExitCode::failed, done.reason());
    if (const auto& different = replay.divergence())
      throw Failure(ExitCode::failed,
                    fmt::format("replay differs at position {}: {}: {}", different->position.value,
                                name_of(different->role), different->what));
    check_.inputs += replay.inputs();
    check_.effects += replay.effects();
  }

  const roles::RoleCatalogue catalogue_{roles::embedded_supervision()};
  Exchange exchange_;
  RootsSeen roots_;
  JournalCheck check_;
};

}  // namespace

void RootsSeen::take(NodeId queen, const std::vector<messages::Effect>& effects) {
  sim::each_item_sent(effects, [&](const messages::Address&, const messages::Item& item) {
    const auto* view = std::get_if<messages::View>(&item);
    if (view == nullptr || view->ballot.queen != queen || view->released ||
        view->ballot.epoch == messages::closed_epoch)
      return;
    const auto [known, fresh] = roots_.try_emplace({view->circuit, view->ballot.epoch}, queen);
    if (!fresh && known->second != queen)
      violations_.push_back(fmt::format("nodes {} and {} are both root of circuit {} in epoch {}",
                                        known->second.value, queen.value, view->circuit.value,
                                        view->ballot.epoch.value));
  });
}

JournalCheck check_journals(const std::filesystem::path& directory) {
  Journals journals;
  for (const auto& path : recordings_below(directory)) {
    try {
      journals.look_at(path);
    } catch (const Failure& failure) {
      journals.note(path.filename().string() + ": " + failure.what());
    }
  }
  return journals.compared();
}

}  // namespace queenright::program
