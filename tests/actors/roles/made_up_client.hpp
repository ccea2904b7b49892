#pragma once

#include "tests/actors/roles/hive_in_memory.hpp"
#include "tests/actors/roles/plans.hpp"

namespace queenright::roles {

/// Has one run done by a hive: opens it, sends its plan, and decides where a person must. It
/// outlives the hive's crashes.
class MadeUpClient {
 public:
  MadeUpClient(HiveInMemory& hive, Plan plan, messages::Resolution decision);

  /// Lets the hive go on, and does what its answers ask for. False: nothing more will happen.
  bool step();
  void to_the_end();

  void cancel();  ///< when there is a run
  const RunRecord* run() const;

  /// What was promised and not kept, in words; empty: nothing. Only at the end.
  std::string broken() const;

 private:
  void begin_when_opened();
  bool decide();

  HiveInMemory& hive_;
  Plan plan_;
  messages::Resolution decision_;
  messages::CircuitId circuit_;
  bool begun_ = false;
  bool cancelled_ = false;
  std::uint64_t decisions_ = 0;
};

}  // namespace queenright::roles
