#pragma once

#include <string>

#include "messages/worker.hpp"

/// Commands about workers: what circuit 0 agrees on about them, and what runs' circuits are told.
namespace queenright::messages {

/// A worker offers itself to the hive; a later session replaces an earlier one.
struct RegisterWorker {
  static constexpr auto name = "RegisterWorker";
  Address worker;
  WorkerOffer offer;
  Session session;
  Session remembers;  ///< the first session of which it knows what it was given

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(3, "offer", self.offer);
    visit(4, "session", self.session);
    visit(5, "remembers", self.remembers);
  }
};

/// The hive circuit tells a run's circuit of a worker, and of what has become of it.
struct OfferWorker {
  static constexpr auto name = "OfferWorker";
  Address worker;
  WorkerOffer offer;
  Session session;
  Session remembers;  ///< as it registered
  WorkerStanding standing{};
  LogIndex since;  ///< of the hive circuit's entry that says so; what an earlier one says is old
  std::string reason{};  ///< of a standing that is not good

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(3, "offer", self.offer);
    visit(4, "session", self.session);
    visit(5, "remembers", self.remembers);
    visit(6, "standing", self.standing);
    visit(7, "since", self.since);
    visit(8, "reason", self.reason);
  }
};

/// Nobody has heard of the worker for too long; said by the acting root of the hive circuit.
struct WorkerLost {
  static constexpr auto name = "WorkerLost";
  Address worker;
  Session session;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "session", self.session);
  }
};

/// A run's circuit tells how an attempt went, as far as that was the worker's doing. It tells of a
/// failure always, of a success only while the worker is not in good standing or has failed before.
struct WorkerJudged {
  static constexpr auto name = "WorkerJudged";
  Address worker;
  Session session;
  bool failed{};
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "worker", self.worker);
    visit(2, "session", self.session);
    visit(3, "failed", self.failed);
    visit(4, "reason", self.reason);
  }
};

}  // namespace queenright::messages
