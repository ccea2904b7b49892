#pragma once

#include "messages/agreement_item.hpp"

/// How a queen who lost her journal comes back, and how circuits end (ELECTION R14, R16).
namespace queenright::messages {

/// A queen who lost her journal asks what she may have promised (R14).
struct SyncRequest {
  static constexpr auto name = "SyncRequest";
  Session session;  ///< of the asking queen

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
  }
};

/// One circuit of the answer: no epoch up to `floor` may be granted again (R14, A-R14).
struct SyncReply {
  static constexpr auto name = "SyncReply";
  Session session;
  CircuitId circuit;
  Epoch floor;
  Suffix log;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
    visit(2, "circuit", self.circuit);
    visit(3, "floor", self.floor);
    visit(4, "log", self.log);
  }
};

/// The answer has been given: so many circuits.
struct SyncEnd {
  static constexpr auto name = "SyncEnd";
  Session session;
  std::uint64_t circuits{};
  CircuitId highest;  ///< circuits up to here exist or have existed

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
    visit(2, "circuits", self.circuits);
    visit(3, "highest", self.highest);
  }
};

/// The sender holds the end of a closed circuit, or needs it no more (R16).
struct Ended {
  static constexpr auto name = "Ended";
  CircuitId circuit;
  bool forgotten{};  ///< she has nothing of it any more

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "forgotten", self.forgotten);
  }
};

}  // namespace queenright::messages
