#pragma once

#include <span>
#include <string>

#include "messages/clock.hpp"
#include "messages/outlet.hpp"
#include "persistence/active_role.hpp"
#include "persistence/hello_record.hpp"
#include "persistence/sequencer.hpp"

namespace queenright::persistence {

/// A turn between its step and its release.
struct TakenTurn {
  const ActiveRole& self;
  const messages::Input& input;
  std::span<const messages::Effect> effects;
  std::span<const std::uint64_t> digests;  ///< of each
  const std::string& failure;              ///< the invariant that it broke; empty: it held
};

/// Port: looks on.
class TurnWatcher {
 public:
  virtual ~TurnWatcher() = default;
  virtual void taken(const TakenTurn& turn) = 0;
};

/// One input's way through a role. This is the only code that knows the order of step, journal
/// and release; the live host and the simulation use it, replay follows it. One thread at a
/// time; the ports outlive it.
///
/// The record of a turn that holds nothing back, broke nothing and boots nobody is not urgent. To
/// lose it in a crash is to crash a little earlier: nothing that anybody was promised is in it, and
/// whatever waits for a later record waits for this one too. It is lazy when the turn was there to
/// keep in touch: its input is a queen's hello, or it is a worker's hello or an alarm, and nothing
/// came of it but hellos.
class Turn {
 public:
  Turn(messages::NodeId node, const messages::Catalogue& catalogue, Sequencer& sequencer,
       messages::Outlet& outlet, const messages::Clock& clock, TurnWatcher* watcher = nullptr)
      : node_(node),
        catalogue_(catalogue),
        sequencer_(sequencer),
        outlet_(outlet),
        clock_(clock),
        watcher_(watcher) {}

  /// The invariant that the role broke and for which it has to be rebuilt; empty: it goes on.
  std::string take(ActiveRole& self, messages::TraceId trace, messages::Cause cause,
                   messages::Input::Body body);

 private:
  bool goes_at_once(const messages::Effect& effect, bool silent) const;
  bool is_booting(ActiveRole& self) const;

  messages::NodeId node_;
  const messages::Catalogue& catalogue_;
  Sequencer& sequencer_;
  messages::Outlet& outlet_;
  const messages::Clock& clock_;
  TurnWatcher* const watcher_;
  std::string encoded_;  ///< of the running turn; kept for its memory
  HelloNumbers hello_;   ///< the same
};

}  // namespace queenright::persistence
