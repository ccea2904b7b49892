#pragma once

#include <stdexcept>
#include <string>

namespace queenright::messages {

/// A bug of ours, found while it runs. Only the turn catches it (docs/follow-a-message.md).
class BrokenInvariant : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Asserts what must hold unless the program itself is wrong; stays on in release builds.
/// Bad input is never a matter for `ensure`: it is refused with a reason.
inline void ensure(bool holds, const char* invariant) {
  if (!holds) throw BrokenInvariant(invariant);
}

}  // namespace queenright::messages
