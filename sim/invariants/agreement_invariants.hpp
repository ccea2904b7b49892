#pragma once

#include <map>
#include <string>

#include "sim/invariants/watch.hpp"

namespace queenright::sim {

/// AGREEMENT section 7: A1, A2, A3.
class AgreementInvariants : public Invariants {
 public:
  void begin(Part part, const World& world) override;
  void turned(const Turned& turn) override;
  void asked(const Spoke& spoke) override;
  void told(const Spoke& spoke) override;

 private:
  using Place = std::pair<messages::CircuitId, messages::LogIndex>;

  void queen_turned(const Turned& turn);
  void delivered(const Turned& turn, const messages::Committed& committed);
  void applied(const Turned& turn, const messages::Applied& applied);
  void same(std::map<Place, std::uint64_t>& known, const Turned& turn, Place place,
            std::uint64_t digest, const char* what);
  void acknowledged(const Spoke& spoke, const messages::Reply& reply);
  void unavailable(const Spoke& spoke, const messages::Reply& reply);

  const World* world_ = nullptr;
  std::map<Place, std::uint64_t> entries_;
  std::map<Place, std::uint64_t> made_;
  std::map<Place, std::uint64_t> states_;
  std::map<std::pair<messages::CircuitId, messages::Key>, messages::LogIndex> keys_;
  std::map<std::pair<messages::CircuitId, messages::Epoch>, messages::Session> appends_;
  std::map<std::pair<messages::CircuitId, messages::Key>, std::string> answers_;
  std::map<std::pair<messages::CircuitId, messages::Key>, std::size_t> asked_;
};

}  // namespace queenright::sim
