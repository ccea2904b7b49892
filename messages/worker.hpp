#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "messages/ballot.hpp"
#include "messages/fields.hpp"

/// What workers have to offer, what steps need of them, and how queens know that they are there.
namespace queenright::messages {

/// What a worker registers with. The hive takes it within bounds (actors/roles/plan/need.hpp).
struct WorkerOffer {
  static constexpr auto name = "WorkerOffer";
  std::uint32_t slots{};                      ///< attempts that it runs at once; 0: no worker
  std::vector<std::string> capabilities;      ///< what it can do, such as "gpu"
  std::map<std::string, std::string> labels;  ///< what it is, such as zone: a
  std::uint32_t trust{};                      ///< the higher, the more is given to it
  std::string region;
  Duration time_to_live{};  ///< how long it works on without word of its hive; zero: 60 s
  bool operator==(const WorkerOffer&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "slots", self.slots);
    visit(2, "capabilities", self.capabilities);
    visit(3, "labels", self.labels);
    visit(4, "trust", self.trust);
    visit(5, "region", self.region);
    visit(6, "time_to_live", self.time_to_live);
  }
};

inline Duration time_to_live_of(const WorkerOffer& offer) {
  return offer.time_to_live == Duration{} ? std::chrono::seconds{60} : offer.time_to_live;
}

/// Silence after which a worker counts as lost: 10 s of the usual 60 s. It is the time by which a
/// worker ends its work before anybody else counts that work as given up.
inline Duration lost_after(const WorkerOffer& offer) { return time_to_live_of(offer) / 6; }
inline Duration worker_hello_every(const WorkerOffer& offer) { return lost_after(offer) / 10; }

/// Who may run a step; what is empty or 0 asks for nothing.
struct WorkerNeed {
  static constexpr auto name = "WorkerNeed";
  std::vector<std::string> capabilities;      ///< all of them
  std::map<std::string, std::string> labels;  ///< all of them, with these values
  std::uint32_t trust{};                      ///< at least
  std::string region;
  auto operator<=>(const WorkerNeed&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "capabilities", self.capabilities);
    visit(2, "labels", self.labels);
    visit(3, "trust", self.trust);
    visit(4, "region", self.region);
  }
};

/// What the hive thinks of a worker, and so what it is given.
enum class WorkerStanding : std::uint8_t {
  good,
  probation,  ///< half of its slots: it was demoted, or degraded, and may show that it is better
  degraded,   ///< only what nobody else can take
  demoted,    ///< nothing
  lost,       ///< nothing: nobody has heard of it for a while
  draining    ///< nothing: a person has said so
};
constexpr WorkerStanding last_enumerator(WorkerStanding) { return WorkerStanding::draining; }

/// A registered worker is there.
struct WorkerHello {
  static constexpr auto name = "WorkerHello";
  Session session;
  Instant sent;             ///< by its own clock
  std::uint32_t running{};  ///< attempts
  std::uint32_t queued{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
    visit(2, "sent", self.sent);
    visit(3, "running", self.running);
    visit(4, "queued", self.queued);
  }
};

/// The acting root of circuit 0 has heard a hello: from when that was sent the worker counts its
/// time to live.
struct WorkerHeard {
  static constexpr auto name = "WorkerHeard";
  Session session;
  Instant sent;  ///< as in the hello
  bool known{};  ///< else it is to register anew: it was lost

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
    visit(2, "sent", self.sent);
    visit(3, "known", self.known);
  }
};

/// A worker of whom the acting root of the hive circuit is to hear.
struct ExpectedWorker {
  static constexpr auto name = "ExpectedWorker";
  Address worker;
  Session session;
  Duration lost_after{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "session", self.session);
    visit(3, "lost_after", self.lost_after);
  }
};

struct Roster {
  static constexpr auto name = "Roster";
  std::vector<ExpectedWorker> workers;  ///< all who are there
  std::vector<Address> lost;            ///< all who are lost
  std::vector<NodeId> drained;          ///< their queens are to lead nothing

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "workers", self.workers);
    visit(2, "lost", self.lost);
    visit(3, "drained", self.drained);
  }
};

}  // namespace queenright::messages
