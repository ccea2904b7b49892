#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "messages/digest.hpp"
#include "messages/role.hpp"

/// Recovery starts from a snapshot between any two inputs: it must not matter between which.
namespace queenright::messages {

inline std::vector<Digest> digests_of_step(Role& role, const Input& input) {
  Effects effects;
  role.step(input, effects);
  std::vector<Digest> digests;
  for (const auto& effect : effects.take()) digests.push_back(digest_of(effect));
  return digests;
}

/// Steps `inputs` through `fresh`; then, from its snapshot before each of them, through what
/// `restore` makes of that: the rest must say the same, want to be woken at the same moments and
/// end in the same state.
inline void same_from_every_snapshot(
    const std::vector<Input>& inputs, Role& fresh,
    const std::function<std::unique_ptr<Role>(const std::string&)>& restore) {
  std::vector<std::string> snapshots;
  std::vector<std::vector<Digest>> said;
  std::vector<std::optional<Instant>> deadlines;
  for (const auto& input : inputs) {
    snapshots.push_back(fresh.snapshot());
    said.push_back(digests_of_step(fresh, input));
    deadlines.push_back(fresh.deadline());
  }
  for (std::size_t start = 0; start < inputs.size(); ++start) {
    const auto again = restore(snapshots[start]);
    for (std::size_t i = start; i < inputs.size(); ++i) {
      BOOST_REQUIRE_MESSAGE(digests_of_step(*again, inputs[i]) == said[i],
                            "restored before input " << start << ", other effects of " << i);
      BOOST_REQUIRE_MESSAGE(again->deadline() == deadlines[i],
                            "restored before input " << start << ", other deadline at " << i);
    }
    BOOST_REQUIRE_MESSAGE(again->snapshot() == fresh.snapshot(),
                          "restored before input " << start << ", another state at the end");
  }
}

}  // namespace queenright::messages
