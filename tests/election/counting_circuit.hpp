#pragma once

#include <map>
#include <string>

#include "messages/item.hpp"

namespace queenright::election {

/// A circuit whose state is what it was told, in order. It opens a circuit for each OpenRun,
/// starts an attempt when told "start", and is finished when told "end".
class CountingCircuit {
 public:
  messages::Applied apply(const messages::Committed& committed);
  messages::Checkpointed checkpoint(messages::CircuitId circuit) const;
  void restore(const messages::Restore& restore);
  messages::Answer answer(const messages::Read& read) const;

  const std::string& told() const { return told_; }

 private:
  messages::AppliedEntry made_of(const messages::CommittedEntry& entry);

  std::string told_;
  std::uint64_t opened_ = 0;
  messages::LogIndex applied_;
  std::map<messages::LogIndex, messages::AppliedEntry> made_;  ///< it may be asked again
};

}  // namespace queenright::election
