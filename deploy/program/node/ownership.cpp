#include "deploy/program/node/ownership.hpp"

#include "deploy/program/failure.hpp"
#include "election/queen.hpp"

namespace queenright::program {
namespace {

using persistence::JournalOwner;

std::string text_of(const std::optional<JournalOwner>& owner) {
  if (!owner) return "no node of a hive of several";
  return "node " + std::to_string(owner->node.value) + " of hive " + owner->hive + " (id " +
         owner->hive_id + ")";
}

bool is_of_the_hive_before(const JournalOwner& noted, const JournalOwner& starter) {
  return noted.hive == starter.hive && noted.node == starter.node;
}

std::string superseding(const messages::Role* role) {
  const auto* queen = dynamic_cast<const election::Queen*>(role);
  if (queen == nullptr || !queen->support().superseded()) return {};
  const auto self = queen->support().state().self;
  return "other queens know start " + std::to_string(queen->support().last_life(self).value) +
         " of node " + std::to_string(self.value) + ", of which it knows nothing";
}

}  // namespace

void check_ownership(const persistence::Recording& journal, const Starter& starter,
                     const std::filesystem::path& directory) {
  const auto noted = persistence::owner_of(journal);
  const bool is_new = journal.tail().last_position == messages::Position{};
  if (noted == starter.owner || (!noted && is_new)) return;
  std::string hint = "; set 'data' to a directory of its own";
  if (noted && starter.owner && is_of_the_hive_before(*noted, *starter.owner)) {
    if (starter.survives) return;
    hint =
        "; if the hive has lost a majority of its queens for good, docs/operate.md has what to do";
  }
  throw Failure(ExitCode::usage, (directory / "journal").string() + " is the journal of " +
                                     text_of(noted) + ", and this is " + text_of(starter.owner) +
                                     hint);
}

void check_not_superseded(const persistence::Recording& journal, const messages::Role* queen,
                          const std::filesystem::path& directory) {
  std::string why = persistence::superseded(journal);
  if (why.empty()) why = superseding(queen);
  if (!why.empty())
    throw Failure(ExitCode::usage,
                  (directory / "journal").string() + " counts no more: " + why +
                      ". See that no other process has this node's key, move the directory away, "
                      "and start again: the node comes back empty");
}

}  // namespace queenright::program
