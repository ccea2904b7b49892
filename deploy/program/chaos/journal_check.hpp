#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "messages/ballot.hpp"
#include "persistence/replay.hpp"

namespace queenright::program {

struct JournalCheck {
  std::uint64_t recordings{};
  std::uint64_t inputs{};
  std::uint64_t effects{};
  std::uint64_t messages{};   ///< that one node received, and another has sent
  std::uint64_t elections{};  ///< that were won
  std::vector<std::string> violations;
};

/// Who won which epoch of which circuit, as queens told it.
class RootsSeen {
 public:
  void take(messages::NodeId queen, const std::vector<messages::Effect>& effects);

  std::uint64_t elections() const { return roots_.size(); }
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  std::map<std::pair<messages::CircuitId, messages::Epoch>, messages::NodeId> roots_;
  std::vector<std::string> violations_;
};

/// Of the journals of all nodes of a hive, each in a directory of its own below this one, when all
/// have ended: each is sound, was ended cleanly, and replays identical; together they are
/// consistent; no epoch of a circuit has two roots.
JournalCheck check_journals(const std::filesystem::path& directory);

}  // namespace queenright::program
