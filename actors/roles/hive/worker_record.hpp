#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/roles/health/health.hpp"
#include "messages/command.hpp"

namespace queenright::roles {

/// A registered worker, as the hive knows it.
struct WorkerRecord {
  static constexpr auto name = "WorkerRecord";
  messages::WorkerOffer offer;
  messages::Session session;
  messages::Session remembers;  ///< as it registered
  messages::WallTime registered;
  bool lost{};              ///< nobody has heard of it for a while
  messages::LogIndex told;  ///< the entry that circuits were told of last
  WorkerHealth health;
  bool draining{};  ///< its node is

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "offer", self.offer);
    visit(2, "session", self.session);
    visit(3, "remembers", self.remembers);
    visit(4, "registered", self.registered);
    visit(5, "lost", self.lost);
    visit(6, "told", self.told);
    visit(7, "health", self.health);
    visit(8, "draining", self.draining);
  }
};

inline messages::WorkerStanding standing_of(const WorkerRecord& record) {
  if (record.lost) return messages::WorkerStanding::lost;
  return record.draining ? messages::WorkerStanding::draining : record.health.standing;
}
std::string name_of(messages::WorkerStanding standing);

/// "worker@4": how people and tools name a worker.
std::string name_of_worker(const messages::Address& worker);

using WorkerRecords = std::map<messages::Address, WorkerRecord>;

/// The first of these needs that no registered worker could ever meet, with the nearest worker and
/// what it lacks; empty: there is none, or no worker has registered yet.
std::string unmet_need(const WorkerRecords& workers,
                       const std::vector<messages::WorkerNeed>& needs);

}  // namespace queenright::roles
