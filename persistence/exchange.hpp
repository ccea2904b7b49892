#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "persistence/replay.hpp"

namespace queenright::persistence {

/// What the nodes of a hive told each other, by their recordings: every message that one received
/// was sent by another. Takes what each recording is told and does while it is
/// replayed, and compares at the end.
class Exchange {
 public:
  /// Looks on at the replay of one node's recording, from its start.
  class Side final : public ReplayWatcher {
   public:
    void taking(messages::Position position, const ActiveRole& role,
                const messages::Input& input) override;
    void took(const ActiveRole& role, const std::vector<messages::Effect>& effects,
              const std::vector<std::uint64_t>& digests) override;
    /// The recording is damaged: what it lacks may have been sent.
    void lost_some() { lossy_ = true; }

   private:
    friend class Exchange;
    struct Received {
      messages::NodeId from;
      messages::RoleId by;
      messages::RoleSequence sequence;  ///< of `by`: the input that it followed from
      std::uint64_t key;
      messages::Position position;
      messages::RoleId to;
      bool promise;  ///< it had to wait until its cause was synced
    };

    Side(messages::NodeId node, bool cut) : node_(node), cut_(cut) {}
    bool may_lack(const Received& received) const;

    messages::NodeId node_;
    bool cut_;            ///< its older blocks were dropped
    bool lossy_ = false;  ///< it is damaged, or follows a journal that was lost
    std::vector<std::uint64_t> sent_;
    std::vector<Received> received_;
    std::map<messages::RoleId, messages::RoleSequence> first_;  ///< input of a role that is here
  };

  struct Findings {
    std::uint64_t matched{};
    std::uint64_t unsynced{};  ///< promised nothing; a crash took the input that they followed from
    std::uint64_t lost{};      ///< before the sender's recording begins, or in what it has lost
    std::map<messages::NodeId, std::uint64_t> absent;  ///< from nodes without a recording
    std::string never_sent;  ///< the first promise that nobody made, for people; empty: none
  };

  /// Valid as long as the exchange. Refused: there is a recording of this node already.
  messages::Result<Side*> add(messages::NodeId node, const Recording& recording);

  /// When all recordings have been replayed.
  Findings compare();

 private:
  std::map<messages::NodeId, Side> sides_;
};

/// Whose recording it is. Refused: damage, or nothing says it.
messages::Result<messages::NodeId> node_of(const Recording& recording);

}  // namespace queenright::persistence
