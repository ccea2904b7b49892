#pragma once

#include <map>
#include <set>
#include <vector>

#include "sim/invariants/violation.hpp"
#include "sim/scenario/scenario.hpp"

namespace queenright::sim {

/// Looks whether what a scenario expects holds. What does not is a violation named "expect".
class Judge : public Watcher {
 public:
  explicit Judge(const Scenario& scenario);

  void asked(const Spoke& spoke) override;
  void told(const Spoke& spoke) override;
  void begin(Part part, const World& world) override;
  void look(const World& world) override;
  const std::vector<Violation>& violations() const override { return violations_; }

 private:
  struct Waiting {
    const Expectation* expectation{};
    bool seen = false;  ///< of those that have to be once within their time
  };

  void judge(Waiting& waiting, const World& world, messages::Duration now);
  /// Why it does not hold now; empty: it does.
  std::string wrong_with(const Expectation& expectation, const World& world) const;
  std::string wrong_with_roots(const Expectation& expectation, const World& world) const;
  std::string wrong_with_runs(const Expectation& expectation, const World& world) const;
  static std::string wrong_with_worker(const Expectation& expectation, const World& world);
  std::string wrong_with_tree(const Expectation& expectation, const World& world) const;
  std::string wrong_with_move(const Expectation& expectation, const World& world) const;
  static std::string wrong_with_ends(const World& world);
  void fail(const Expectation& expectation, const World& world, const std::string& why);

  const Scenario& scenario_;
  messages::Instant began_;
  std::vector<Waiting> waiting_;
  std::map<const Expectation*, std::set<messages::CircuitId>> roots_before_;
  std::set<std::pair<messages::CircuitId, messages::Key>> unanswered_;
  std::vector<std::pair<messages::Instant, std::string>> refusals_;
  std::vector<Violation> violations_;
};

}  // namespace queenright::sim
