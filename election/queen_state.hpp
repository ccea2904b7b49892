#pragma once

#include "election/agreement/replica.hpp"
#include "election/election.hpp"
#include "election/spanning_tree.hpp"

namespace queenright::election {

/// Names a command in the whole hive.
struct CommandId {
  static constexpr auto name = "CommandId";
  CircuitId circuit;
  Key key;
  auto operator<=>(const CommandId&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "key", self.key);
  }
};

/// Whose effect a proposal to another circuit is.
struct Proposal {
  static constexpr auto name = "Proposal";
  CircuitId circuit;
  EffectId effect;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "circuit", self.circuit);
    visit(2, "effect", self.effect);
  }
};

/// Who waits for a read, and until when.
struct Reader {
  static constexpr auto name = "Reader";
  Address from;
  Instant ends;
  CommandId read;  ///< as its client calls it
  bool stale{};    ///< any state will do

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "from", self.from);
    visit(2, "ends", self.ends);
    visit(3, "read", self.read);
    visit(4, "stale", self.stale);
  }
};

struct QueenState {
  static constexpr auto name = "QueenState";
  NodeId node;
  std::vector<NodeId> queens;  ///< of the hive, this one included
  std::string draining;        ///< why no new run is taken; empty: they are
  std::string demoted;         ///< why she leads nothing; empty: she may
  std::optional<Instant> next_hello;
  std::optional<Instant> next_tick;
  std::uint64_t random{};
  std::uint64_t
      dropped{};  ///< items and letters that were not for her, or of a session that is over
  std::map<CommandId, Proposal> proposals;
  std::map<Key, Reader> readers;  ///< by a key of this queen's own: those of clients may coincide
  std::uint64_t reads{};          ///< of this life
  std::map<CircuitId, LogSnapshot> snapshots;  ///< for a queen who lost her journal (A-R14)
  SupportState support;
  ElectionState election;
  TreeState tree;
  std::map<CircuitId, Replica> replicas;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "node", self.node);
    visit(2, "queens", self.queens);
    visit(3, "draining", self.draining);
    visit(4, "demoted", self.demoted);
    visit(6, "next_hello", self.next_hello);
    visit(7, "next_tick", self.next_tick);
    visit(8, "random", self.random);
    visit(9, "dropped", self.dropped);
    visit(10, "proposals", self.proposals);
    visit(12, "support", self.support);
    visit(13, "election", self.election);
    visit(14, "tree", self.tree);
    visit(15, "replicas", self.replicas);
    visit(16, "snapshots", self.snapshots);
    visit(17, "readers", self.readers);
    visit(18, "reads", self.reads);
  }
};

}  // namespace queenright::election
