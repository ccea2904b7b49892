#pragma once

#include <vector>

#include "messages/ballot.hpp"
#include "messages/flat_map.hpp"
#include "messages/queen_standing.hpp"

/// What keeps one queen in touch with another (ELECTION R1 to R4, R12, R13).
namespace queenright::messages {

/// Begins everything that one queen says to another; alone it is the answer to a hello.
struct Contact {
  static constexpr auto name = "Contact";
  Session session;           ///< of the sender
  Session echoed_session;    ///< the newest one that she knows of the receiver
  HelloNumber heard;         ///< the last hello that she heard in that session
  HelloNumber supported_by;  ///< the last of them that extended her support
  SupportEpoch support;      ///< in which she supports the receiver; 0: she does not
  FlatMap<NodeId, Incarnation> incarnations;  ///< the highest that she knows (A-R15)

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "session", self.session);
    visit(2, "echoed_session", self.echoed_session);
    visit(3, "heard", self.heard);
    visit(4, "supported_by", self.supported_by);
    visit(5, "support", self.support);
    visit(6, "incarnations", self.incarnations);
  }
};

/// When the sender last heard from another queen: evidence that a third one is alive (R5).
struct Evidence {
  static constexpr auto name = "Evidence";
  NodeId queen;
  Session session;
  Duration age{};  ///< of her last hello, when this was sent

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "queen", self.queen);
    visit(2, "session", self.session);
    visit(3, "age", self.age);
  }
};

/// How far the sender is from a tree's source (R12).
struct Advert {
  static constexpr auto name = "Advert";
  NodeId source;
  std::uint64_t sequence{};  ///< raised by the source alone
  std::uint32_t cost{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "source", self.source);
    visit(2, "sequence", self.sequence);
    visit(3, "cost", self.cost);
  }
};

struct Hello {
  static constexpr auto name = "Hello";
  HelloNumber number;
  bool connected{};          ///< a majority supports the sender
  QueenStanding standing{};  ///< of the sender
  std::vector<Evidence> evidence;
  std::vector<Advert> adverts;
  std::uint64_t views{};  ///< digest of all circuits' views (R13)

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "number", self.number);
    visit(2, "connected", self.connected);
    visit(3, "evidence", self.evidence);
    visit(4, "adverts", self.adverts);
    visit(5, "views", self.views);
    visit(7, "standing", self.standing);
  }

  bool willing() const { return standing == QueenStanding::good; }
};

}  // namespace queenright::messages
