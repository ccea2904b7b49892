#pragma once

#include <functional>
#include <map>
#include <utility>

#include "messages/letter.hpp"
#include "sim/world/agenda.hpp"
#include "sim/world/chance.hpp"
#include "sim/world/options.hpp"

namespace queenright::sim {

using messages::Letter;

/// Links between nodes, each one way. They delay, lose, repeat and reorder as they are told.
class Network {
 public:
  using Deliver = std::function<void(Letter)>;

  /// The agenda outlives it.
  Network(Agenda& agenda, const Options& options, Deliver deliver);

  void send(Letter letter);

  void cut(messages::NodeId from, messages::NodeId to);
  void restore(messages::NodeId from, messages::NodeId to);
  bool is_cut(messages::NodeId from, messages::NodeId to) const;

  std::uint32_t loss_permille = 0;
  std::uint32_t duplicates_permille = 0;
  messages::Duration delay;
  messages::Duration jitter;
  std::uint64_t bytes_per_second = 0;  ///< of each link; 0: no limit

 private:
  struct Link {
    bool cut = false;
    std::uint32_t cuts = 0;
    messages::Instant free_at;  ///< its last bytes are out
  };
  using LinkId = std::pair<messages::NodeId, messages::NodeId>;

  messages::Instant arrival(Link& link, const Letter& letter);
  void carry(const LinkId& id, Link& link, Letter letter);

  Agenda& agenda_;
  Chance chance_;
  const Deliver deliver_;
  std::map<LinkId, Link> links_;
};

}  // namespace queenright::sim
