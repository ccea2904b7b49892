#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "election/agreement/log.hpp"
#include "messages/ballot.hpp"

/// What a queen keeps of a circuit while she leads it, or is about to: all of it volatile.
namespace queenright::election {

using messages::Ballot;
using messages::Incarnation;
using messages::Instant;
using messages::NodeId;

/// How far a queen has come towards leading a circuit.
enum class Phase : std::uint8_t {
  follow,
  sync,     ///< elected; the best log of the majority is not here yet (A-R3)
  opening,  ///< the epoch's OPEN is not committed yet (A-R4)
  lead
};
constexpr Phase last_enumerator(Phase) { return Phase::lead; }

/// What a queen reported of her log when she promised (A-R2).
struct Grantor {
  static constexpr auto name = "Grantor";
  Ballot ballot;  ///< that she promised; the highest, whatever came last
  LogVector log;
  std::vector<Entry> suffix;  ///< above its commit; empty also where it was too long to ride along

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "ballot", self.ballot);
    visit(2, "log", self.log);
    visit(3, "suffix", self.suffix);
  }
};

/// A standby that follows this root.
struct Peer {
  static constexpr auto name = "Peer";
  bool shipped{};    ///< a SYNC of this epoch is on its way to her, or was acknowledged
  bool synced{};     ///< her log is one of this epoch
  LogIndex match;    ///< what she holds durably of it
  LogIndex next;     ///< the first entry to ship
  LogIndex awaited;  ///< of her, before more is shipped: the end of the last Append but one
  LogIndex commit;   ///< up to here she knows, durably, that it is committed
  LogIndex learned;  ///< and up to here, for as long as she is up
  LogIndex told;     ///< the commit that she was last told
  bool waits{};      ///< she is told at once of what is committed, though nothing else is for her
  Incarnation incarnation;
  Instant heard;  ///< last, or since then she owes an answer (A-R8)
  bool wants_snapshot{};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "shipped", self.shipped);
    visit(2, "synced", self.synced);
    visit(3, "match", self.match);
    visit(4, "next", self.next);
    visit(5, "commit", self.commit);
    visit(6, "told", self.told);
    visit(7, "incarnation", self.incarnation);
    visit(8, "heard", self.heard);
    visit(9, "wants_snapshot", self.wants_snapshot);
    visit(10, "learned", self.learned);
    visit(11, "waits", self.waits);
    visit(12, "awaited", self.awaited);
  }

  /// What follows what she holds is shipped again.
  void rewind();
};

/// A keyed command on its way through the log, and the queens who forwarded it.
struct Pending {
  static constexpr auto name = "Pending";
  LogIndex index;
  std::vector<NodeId> queens;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "index", self.index);
    visit(2, "queens", self.queens);
  }
};

/// An effect that a sink was told, and when.
struct Issued {
  static constexpr auto name = "Issued";
  Instant at;
  EffectId effect;
  auto operator<=>(const Issued&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "at", self.at);
    visit(2, "effect", self.effect);
  }
};

/// A root on her way out (A-R12).
struct Leaving {
  static constexpr auto name = "Leaving";
  std::string reason;
  Instant ends;  ///< then she goes, whoever is caught up

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "reason", self.reason);
    visit(2, "ends", self.ends);
  }
};

struct Lead {
  static constexpr auto name = "Lead";
  Phase phase{};
  Ballot ballot;       ///< led
  LogIndex opened;     ///< the OPEN of this epoch
  LogIndex announced;  ///< a Self for this length is on its way
  LogIndex awaited;    ///< of Selfs, before there is another one: the last but one
  LogIndex durable;    ///< of her own log, in this epoch
  std::map<NodeId, Grantor> grantors;
  std::map<NodeId, Peer> peers;
  std::optional<NodeId> fetching;  ///< whose log is the best
  Instant fetch_again;
  Instant fetch_ends;
  std::map<Key, Pending> pending;
  std::map<LogIndex, std::uint64_t> bytes;  ///< of all entries up to this one, since the OPEN
  std::set<Issued> issued;                  ///< effects, as they were last said
  std::set<EffectId> confirmed;             ///< held by their sinks; the next CONF says so
  std::optional<Instant> confirm_at;        ///< when it does
  std::optional<Leaving> leaving;
  bool closing{};  ///< a majority is asked never to grant this circuit again

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "phase", self.phase);
    visit(2, "ballot", self.ballot);
    visit(3, "opened", self.opened);
    visit(4, "announced", self.announced);
    visit(5, "durable", self.durable);
    visit(6, "grantors", self.grantors);
    visit(7, "peers", self.peers);
    visit(8, "fetching", self.fetching);
    visit(9, "fetch_again", self.fetch_again);
    visit(10, "fetch_ends", self.fetch_ends);
    visit(11, "pending", self.pending);
    visit(12, "confirmed", self.confirmed);
    visit(13, "confirm_at", self.confirm_at);
    visit(14, "leaving", self.leaving);
    visit(15, "closing", self.closing);
    visit(16, "bytes", self.bytes);
    visit(17, "issued", self.issued);
    visit(18, "awaited", self.awaited);
  }
};

}  // namespace queenright::election
