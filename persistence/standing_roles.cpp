#include "persistence/standing_roles.hpp"

#include <algorithm>

namespace queenright::persistence {

using messages::Booted;
using messages::Catalogue;
using messages::RoleId;
using messages::RoleKind;

std::vector<RoleId> standing_roles(const Booted& booted) {
  std::vector<RoleId> roles{messages::supervisor_role()};
  if (std::find(booted.queens.begin(), booted.queens.end(), booted.node) != booted.queens.end()) {
    roles.push_back(messages::queen_role());
    roles.push_back(messages::circuit_role(messages::hive_circuit));
  }
  if (booted.worker.slots > 0) roles.push_back(messages::worker_role());
  return roles;
}

std::vector<RoleId> boot_order(const std::map<RoleId, ActiveRole>& roles) {
  std::vector<RoleId> order;
  for (const auto kind :
       {RoleKind::circuit, RoleKind::supervisor, RoleKind::queen, RoleKind::worker})
    for (const auto& [id, role] : roles)
      if (id.kind == kind) order.push_back(id);
  return order;
}

ActiveRole born(const Catalogue& catalogue, Sequencer& sequencer, RoleId role) {
  ActiveRole self{role, catalogue.make(role), {}};
  checkpoint(catalogue, sequencer, self);
  return self;
}

void complete(std::map<RoleId, ActiveRole>& recovered, const Booted& booted,
              const Catalogue& catalogue, Sequencer& sequencer) {
  for (const RoleId id : standing_roles(booted))
    if (!recovered.contains(id)) recovered.emplace(id, born(catalogue, sequencer, id));
}

void checkpoint(const Catalogue& catalogue, Sequencer& sequencer, const ActiveRole& self) {
  sequencer.add_snapshot(self.id, self.sequence, catalogue.version(), self.role->snapshot());
}

}  // namespace queenright::persistence
