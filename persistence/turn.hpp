#pragma once

#include <string>

#include "messages/clock.hpp"
#include "messages/outlet.hpp"
#include "persistence/active_role.hpp"
#include "persistence/sequencer.hpp"

namespace queenright::persistence {

/// One input's way through a role. This is the only code that knows the order of step, journal
/// and release; the live host and the simulation use it, replay follows it. One thread at a
/// time; the ports outlive it.
///
/// A turn's record is lazy when it holds nothing back, broke nothing, and was there to keep in
/// touch: its input is a hello, or an alarm of which came nothing but hellos. To lose it in a
/// crash is to crash a little earlier: nothing that anybody was promised is in it, and whatever
/// waits for a later record waits for this one too.
class Turn {
 public:
  Turn(messages::NodeId node, const messages::Catalogue& catalogue, Sequencer& sequencer,
       messages::Outlet& outlet, const messages::Clock& clock)
      : node_(node), catalogue_(catalogue), sequencer_(sequencer), outlet_(outlet), clock_(clock) {}

  /// The invariant that the role broke and for which it has to be rebuilt; empty: it goes on.
  std::string take(ActiveRole& self, messages::TraceId trace, messages::Cause cause,
                   messages::Input::Body body);

 private:
  bool goes_at_once(const messages::Effect& effect) const;

  messages::NodeId node_;
  const messages::Catalogue& catalogue_;
  Sequencer& sequencer_;
  messages::Outlet& outlet_;
  const messages::Clock& clock_;
  std::string encoded_;  ///< of the running turn; kept for its memory
};

}  // namespace queenright::persistence
