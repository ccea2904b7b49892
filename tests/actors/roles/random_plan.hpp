#pragma once

#include <cstdint>
#include <vector>

#include "actors/roles/plan/plan.hpp"

/// What rapidcheck makes up; only inside of a property, which it then shrinks.
namespace queenright::roles {

/// A few steps with needs, conditions, fan-outs, retries and time limits of a second.
Plan random_plan();

/// What happens next, again and again: a number below `sides`, and 0 when chance has run out.
class Dice {
 public:
  Dice();
  std::uint32_t roll(std::uint32_t sides);
  bool over() const { return next_ >= numbers_.size(); }

 private:
  std::vector<std::uint32_t> numbers_;
  std::size_t next_ = 0;
};

}  // namespace queenright::roles
