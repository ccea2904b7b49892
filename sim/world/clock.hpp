#pragma once

#include "messages/clock.hpp"
#include "sim/world/agenda.hpp"

namespace queenright::sim {

/// The two clocks of one node, as wrong against true time as they are told to be.
class Clock : public messages::Clock {
 public:
  /// The agenda outlives it.
  Clock(const Agenda& agenda, messages::Instant begins, messages::WallTime wall)
      : agenda_(agenda), read_(begins), wall_(wall) {}

  messages::Instant now() const override;
  messages::WallTime wall() const override;

  void set_rate(std::int64_t ppm);  ///< parts per million too fast; above minus a million
  void jump_wall(std::int64_t milliseconds) { wall_.milliseconds += milliseconds; }

  /// The true time at which this clock will show `reading`, if nobody changes its rate.
  messages::Instant when(messages::Instant reading) const;

 private:
  const Agenda& agenda_;
  messages::Instant since_;  ///< true time of the last change
  messages::Instant read_;   ///< what it showed then
  messages::WallTime wall_;  ///< when it shows zero
  std::int64_t ppm_ = 0;
};

}  // namespace queenright::sim
