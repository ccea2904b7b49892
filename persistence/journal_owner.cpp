#include "persistence/journal_owner.hpp"

#include <sstream>

namespace queenright::persistence {

namespace {

constexpr auto owner_name = "owner";
constexpr auto superseded_name = "superseded";

}  // namespace

std::optional<JournalOwner> owner_of(const Recording& journal) {
  const auto noted = journal.metadata(owner_name);
  if (!noted) return std::nullopt;
  JournalOwner owner;
  std::istringstream(*noted) >> owner.node.value >> owner.hive_id >> owner.hive;
  return owner;
}

void note_owner(Journal& journal, const JournalOwner& owner) {
  journal.put_metadata(owner_name,
                       std::to_string(owner.node.value) + ' ' + owner.hive_id + ' ' + owner.hive);
}

std::string superseded(const Recording& journal) {
  return journal.metadata(superseded_name).value_or("");
}

void note_superseded(Journal& journal, const std::string& why) {
  journal.put_metadata(superseded_name, why);
}

}  // namespace queenright::persistence
