#include "actors/roles/catalogue.hpp"

#include "actors/roles/circuit/circuit.hpp"
#include "actors/roles/hive/hive.hpp"
#include "actors/roles/worker/worker.hpp"
#include "election/queen.hpp"
#include "messages/ensure.hpp"
#include "messages/reader.hpp"

namespace queenright::roles {

using messages::CircuitId;
using messages::Refusal;
using messages::Result;
using messages::Role;
using messages::RoleId;
using messages::RoleKind;

namespace {

template <class Kind, class State, class... Rest>
Result<std::unique_ptr<Role>> restored(std::string_view snapshot, const Rest&... rest) {
  auto state = messages::decode<State>(snapshot);
  if (!state) return Refusal{state.reason()};
  return std::unique_ptr<Role>(std::make_unique<Kind>(std::move(state).value(), rest...));
}

std::unique_ptr<ReplicatedRole> replica_of(CircuitId circuit) {
  if (circuit == messages::hive_circuit) return std::make_unique<Hive>();
  return std::make_unique<Circuit>(circuit);
}

Result<std::unique_ptr<Role>> resumed(CircuitId circuit, std::string_view snapshot) {
  auto taken = messages::decode<ReplicaSnapshot>(snapshot);
  if (!taken) return Refusal{taken.reason()};
  auto replica = replica_of(circuit);
  if (const auto goes_on = replica->resume(std::move(taken).value()); !goes_on)
    return Refusal{goes_on.reason()};
  return std::unique_ptr<Role>(std::move(replica));
}

}  // namespace

std::unique_ptr<Role> RoleCatalogue::make(RoleId role) const {
  switch (role.kind) {
    case RoleKind::supervisor:
      return std::make_unique<RestartPolicy>(SupervisorState{supervision_, {}});
    case RoleKind::queen: return std::make_unique<election::Queen>(rules_);
    case RoleKind::worker: return std::make_unique<Worker>(rules_);
    case RoleKind::circuit: return replica_of(CircuitId{role.number});
    default: break;
  }
  messages::ensure(false, "every role has a kind that the catalogue knows");
  return nullptr;
}

Result<std::unique_ptr<Role>> RoleCatalogue::restore(RoleId role, std::string_view snapshot) const {
  switch (role.kind) {
    case RoleKind::supervisor: return restored<RestartPolicy, SupervisorState>(snapshot);
    case RoleKind::queen: return restored<election::Queen, election::QueenState>(snapshot, rules_);
    case RoleKind::worker: return restored<Worker, WorkerState>(snapshot, rules_);
    case RoleKind::circuit:
      if (snapshot.starts_with(ReplicatedRole::snapshot_mark))
        return resumed(CircuitId{role.number}, snapshot.substr(1));
      break;
    default: break;
  }
  return Refusal{"the snapshot of " + name_of(role) + " is of no kind that this version knows"};
}

std::unique_ptr<Role> RoleCatalogue::quarantine(RoleId role, std::unique_ptr<Role> broken,
                                                const messages::Input& input,
                                                const std::string& reason,
                                                messages::Effects& effects) const {
  if (role.kind != RoleKind::circuit || role.number == messages::hive_circuit.value) return nullptr;
  auto stand_in = replica_of(CircuitId{role.number});
  stand_in->quarantine(static_cast<ReplicatedRole&>(*broken), reason);  // as all circuits are
  stand_in->step(input, effects);
  return stand_in;
}

SupervisorSpec embedded_supervision() {
  SupervisorSpec spec;
  spec.children = {messages::queen_role(), messages::worker_role(),
                   messages::circuit_role(messages::hive_circuit)};
  spec.max_restarts = 5;
  spec.period = std::chrono::seconds{10};
  return spec;
}

}  // namespace queenright::roles
