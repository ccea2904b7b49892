#include "deploy/program/node/first_start.hpp"

#include <algorithm>

#include "deploy/program/failure.hpp"

namespace queenright::program {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw Failure(ExitCode::usage, why); }

const Member& queen_named(const std::string& name, const NodeConfig& config) {
  const Member* member = config.members.node(name);
  if (member == nullptr || member->kind != MemberKind::queen)
    refuse("--survivors " + name + ": there is no queen of that name in the hive's file");
  return *member;
}

}  // namespace

bool survives(const FirstStart& start, const NodeConfig& config) {
  return std::find(start.survivors.begin(), start.survivors.end(), config.node) !=
         start.survivors.end();
}

std::vector<messages::NodeId> survivors_of(const FirstStart& start, const NodeConfig& config) {
  std::vector<messages::NodeId> survivors;
  for (const auto& name : start.survivors) survivors.push_back(queen_named(name, config).id);
  if (survivors.empty()) return survivors;
  if (start.founding)
    refuse("--found is for a hive that has never run, --survivors for an old one");
  if (config.self().kind != MemberKind::queen)
    refuse("--survivors is for queens; a worker starts without it, in an empty directory");
  std::sort(survivors.begin(), survivors.end());
  survivors.erase(std::unique(survivors.begin(), survivors.end()), survivors.end());
  const std::size_t queens = config.members.count(MemberKind::queen);
  if (survivors.size() > queens / 2)
    refuse("--survivors names " + std::to_string(survivors.size()) + " of " +
           std::to_string(queens) +
           " queens: they are a majority, so nothing is lost. Start without it");
  return survivors;
}

void check_first_start(const FirstStart& start, const NodeConfig& config, bool journal_is_new) {
  const std::string data = config.data.string();
  if (start.founding && !journal_is_new)
    refuse(data +
           " has a journal: a hive is founded once, by nodes that have none. Start it without "
           "--found");
  if (start.survivors.empty()) return;
  if (survives(start, config) && journal_is_new)
    refuse(data + " has no journal, and --survivors says that " + config.node + " has hers");
  if (!survives(start, config) && !journal_is_new)
    refuse(data + " has a journal, and --survivors does not name " + config.node +
           ": if she has begun anew already, start her without it; else move the directory away");
}

}  // namespace queenright::program
