#include "tests/actors/roles/applier.hpp"

#include <utility>

#include "actors/roles/catalogue.hpp"
#include "messages/ensure.hpp"

namespace queenright::roles {

using messages::AppliedEntry;
using messages::Committed;
using messages::Effect;
using messages::Input;
using messages::Role;
using messages::RoleId;

std::unique_ptr<Role> make_role(RoleId role) {
  return RoleCatalogue(embedded_supervision()).make(role);
}

std::unique_ptr<Role> restore_role(RoleId role, const std::string& snapshot) {
  return RoleCatalogue(embedded_supervision()).restore(role, snapshot).value();
}

Applier::Applier(messages::CircuitId circuit)
    : circuit_(circuit), role_(make_role(messages::circuit_role(circuit))) {}

AppliedEntry Applier::commit(messages::Command command) {
  Committed committed{circuit_, {}, index_};
  ++index_.value;
  committed.entries.push_back(
      {index_, circuit_time_, wall_, seed, std::move(command), epoch_, root_, root_});
  committed_ = std::move(committed);
  say_again();
  return applied_.entries.at(0);
}

std::vector<Effect> Applier::say_again() {
  auto said = take(messages::Envelope{queen_address, {committed_}});
  const auto& send = std::get<messages::Send>(said.at(0).body);
  messages::ensure(said.size() == 1 && send.to == queen_address && send.items.size() == 1,
                   "a circuit answers its queen, and says nothing else");
  applied_ = std::get<messages::Applied>(send.items[0]);
  return said;
}

std::vector<Effect> Applier::take(Input::Body body) {
  if (restores_always) restore();
  Input input{{}, {}, {}, wall_, std::move(body)};
  if (remembers) inputs_.push_back(input);
  messages::Effects effects;
  role_->step(std::move(input), effects);
  return effects.take();
}

void Applier::wait(messages::Duration span) {
  circuit_time_ += span;
  wall_.milliseconds += std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

void Applier::lead(messages::Epoch epoch, messages::NodeId root) {
  epoch_ = epoch;
  root_ = root;
}

void Applier::restore() {
  role_ = restore_role(messages::circuit_role(circuit_), role_->snapshot());
}

messages::OfferWorker offer_of(const messages::Address& worker) {
  messages::OfferWorker offer;
  offer.worker = worker;
  offer.offer.slots = 4;
  offer.session = messages::first_session({1});
  offer.remembers = offer.session;
  return offer;
}

}  // namespace queenright::roles
