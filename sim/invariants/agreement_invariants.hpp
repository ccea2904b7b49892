#pragma once

#include <map>
#include <set>
#include <string>

#include "sim/invariants/watch.hpp"

namespace queenright::sim {

/// docs/simulation.md: A1, A2, A3, and A5's that nobody forgets a circuit without its end.
class AgreementInvariants : public Invariants {
 public:
  void begin(Part part, const World& world) override;
  void turned(const Turned& turn) override;
  void asked(const Spoke& spoke) override;
  void told(const Spoke& spoke) override;
  void started(const Started& started) override;
  void look(const World& world) override;

 private:
  using Place = std::pair<messages::CircuitId, messages::LogIndex>;

  void queen_turned(const Turned& turn);
  void delivered(const Turned& turn, const messages::Committed& committed);
  void applied(const Turned& turn, const messages::Applied& applied);
  void same(std::map<Place, std::uint64_t>& known, const Turned& turn, Place place,
            std::uint64_t digest, const char* what);
  void acknowledged(const Spoke& spoke, const messages::Reply& reply);
  void unavailable(const Spoke& spoke, const messages::Reply& reply);
  void read(const Spoke& spoke, const messages::Answer& answer);
  void forgets(const Turned& turn);

  const World* world_ = nullptr;
  std::map<Place, std::uint64_t> entries_;
  std::map<Place, std::uint64_t> made_;
  std::map<Place, std::uint64_t> states_;
  std::map<std::pair<messages::CircuitId, messages::Key>, messages::LogIndex> keys_;
  std::map<std::pair<messages::CircuitId, messages::Epoch>, messages::Session> appends_;
  std::map<std::pair<messages::CircuitId, messages::Key>, std::string> answers_;
  std::map<std::pair<messages::CircuitId, messages::Key>, std::size_t> asked_;

  /// Up to where clients know of a circuit, and how far that was when they asked to read it.
  std::map<messages::CircuitId, messages::LogIndex> known_;
  std::map<std::pair<messages::CircuitId, messages::Key>, messages::LogIndex> reads_;

  std::map<Place, std::uint64_t> settled_;  ///< keys, effects, end: what else there is of a state
  std::map<std::pair<messages::NodeId, messages::CircuitId>, messages::LogIndex> looked_at_;
  std::set<std::pair<messages::NodeId, messages::CircuitId>> ends_;  ///< who had which
  std::set<messages::NodeId> amnesiacs_;
};

}  // namespace queenright::sim
