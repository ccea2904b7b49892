#pragma once

#include <map>
#include <string>
#include <variant>

#include "persistence/active_role.hpp"
#include "persistence/journal.hpp"

/// Recovery is replay: from the newest snapshots, with effects withheld.
namespace queenright::persistence {

/// Every role as it was after the last durable input.
struct Recovered {
  std::map<messages::RoleId, ActiveRole> roles;
  std::uint64_t inputs{};  ///< that were stepped for it
};

struct Unrecoverable {
  enum class Why : std::uint8_t {
    damaged,        ///< the journal can't be read
    other_version,  ///< its snapshots are of no kind that this program knows
    diverged        ///< it does not replay: another program wrote it, or a role is not pure
  };
  Why why{};
  std::string reason;
};

std::variant<Recovered, Unrecoverable> recover(const messages::Catalogue& catalogue,
                                               const Recording& journal);

/// One role of a running node, as its journal has it; all that it has appended is synced.
messages::Result<ActiveRole> recover_role(const messages::Catalogue& catalogue,
                                          const Recording& journal, messages::RoleId role);

}  // namespace queenright::persistence
