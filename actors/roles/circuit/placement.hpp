#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/roles/health/breaker.hpp"
#include "actors/roles/plan/plan.hpp"
#include "messages/command.hpp"

/// Which worker gets the next attempt, and why: a pure calculation.
namespace queenright::roles {

/// A worker, as a run's circuit knows it.
struct KnownWorker {
  static constexpr auto name = "KnownWorker";
  messages::OfferWorker told;                     ///< last, by the hive circuit
  std::optional<messages::Duration> given_up_at;  ///< lost: when its attempts count as unknown
  std::optional<messages::Duration> declines_until;
  std::uint32_t declined{};                   ///< in a row
  bool failed{};                              ///< the last that was said of it from here
  std::map<std::uint32_t, Breaker> breakers;  ///< by step; of those that failed last

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "told", self.told);
    visit(2, "given_up_at", self.given_up_at);
    visit(3, "declines_until", self.declines_until);
    visit(4, "declined", self.declined);
    visit(5, "failed", self.failed);
    visit(6, "breakers", self.breakers);
  }
};

/// One of those who could get it.
struct Candidate {
  const KnownWorker& worker;
  std::uint32_t given{};   ///< attempts of children that this circuit has there
  bool breaker_is_open{};  ///< of this step there
};

/// What is to be placed.
struct Placing {
  messages::CircuitId circuit;
  messages::TaskId task;
  const messages::WorkerNeed& need;
  PlanMode mode{};
  std::optional<messages::Address> near;  ///< its run's, or its needs', worker
  bool takes_slot{};                      ///< a child, not a noop
};

/// The choice with what it was made of.
struct Placement {
  std::optional<messages::Address> worker;  ///< none: nobody can take it at present
  std::string because;                      ///< "least loaded of 3"; without a worker: empty
  /// Those who could not get it, whatever their load, and why.
  std::vector<std::pair<messages::Address, std::string>> rejected;
  bool full{};  ///< there is nobody only because all who could take it are busy
};

/// Who meets the need, is there and may be used; of these the healthy before the degraded and those
/// whose breaker is open, with a free slot before without one, by the plan's mode, then by load;
/// the last word has a rendezvous hash, so that it is the same everywhere, and spread. The
/// candidates come in the order of their addresses.
Placement place(const Placing& wanted, const std::vector<Candidate>& candidates);

/// In a line of bounded length: "least loaded of 3; worker@4 lacks the capability gpu".
std::string short_form(const Placement& placement);

/// How many children's attempts a circuit gives to a worker at once: its slots, and a few more, so
/// that it need not wait for the next when one has ended. On probation: half of its slots.
std::uint32_t most_given(const messages::OfferWorker& worker);

}  // namespace queenright::roles
