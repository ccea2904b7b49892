#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/ballot.hpp"
#include "messages/log_entry.hpp"

/// What queens say to each other about who leads a circuit (ELECTION section 4).
namespace queenright::messages {

/// The sender wants to lead. Rides on a hello, so that who grants supports.
struct Claim {
  static constexpr auto name = "Claim";
  CircuitId circuit;
  Ballot ballot;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
  }
};

/// The sender has promised the circuit to this ballot; held until that is synced.
struct Grant {
  static constexpr auto name = "Grant";
  CircuitId circuit;
  Ballot ballot;
  SupportEpoch support;            ///< void when the sender's support is of another epoch
  std::optional<Ballot> released;  ///< at a handoff: what its holder gave up (R9)
  LogVector log;                   ///< of the sender, when she promised (A-R2)
  std::vector<Entry> suffix;       ///< above its commit, where that is short

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "support", self.support);
    visit(4, "released", self.released);
    visit(5, "log", self.log);
    visit(6, "suffix", self.suffix);
  }
};

/// The sender's promise to herself, held until it is synced: so counts her own vote (R7).
struct OwnVote {
  static constexpr auto name = "OwnVote";
  CircuitId circuit;
  Ballot ballot;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
  }
};

struct Reject {
  static constexpr auto name = "Reject";
  CircuitId circuit;
  Ballot ballot;  ///< of the claim
  Ballot higher;  ///< stands in its way for ever

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "higher", self.higher);
  }
};

/// The claim is kept until the lease of another one ends.
struct Parked {
  static constexpr auto name = "Parked";
  CircuitId circuit;
  Ballot ballot;
  Ballot blocking;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "blocking", self.blocking);
  }
};

/// The sender gives a ballot of hers up.
struct Released {
  static constexpr auto name = "Released";
  CircuitId circuit;
  Ballot ballot;
  bool yielded{};              ///< it was never elected
  std::optional<Ballot> next;  ///< at a handoff: the successor's claim (R9)
  std::string reason;          ///< for people

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "yielded", self.yielded);
    visit(4, "next", self.next);
    visit(5, "reason", self.reason);
  }
};

/// "Do you still hold this ballot?" (R13)
struct Probe {
  static constexpr auto name = "Probe";
  CircuitId circuit;
  Ballot ballot;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
  }
};

/// The highest ballot that is known to have been elected, and whether its holder gave it up.
struct View {
  static constexpr auto name = "View";
  CircuitId circuit;
  Ballot ballot;
  bool released{};
  auto operator<=>(const View&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "ballot", self.ballot);
    visit(3, "released", self.released);
  }
};

/// Digests of the sender's views, circuits spread over buckets: who has others answers with the
/// views in them (R13).
struct ViewDigests {
  static constexpr auto name = "ViewDigests";
  std::vector<std::uint64_t> buckets;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "buckets", self.buckets);
  }
};

}  // namespace queenright::messages
