#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "messages/effect.hpp"
#include "messages/input.hpp"
#include "messages/result.hpp"

namespace queenright::messages {

/// What an actor decides. `step` is a pure function of the state and the input: no clock, no
/// randomness, no I/O, no threads, no order that depends on a hash or an address.
class Role {
 public:
  virtual ~Role() = default;

  /// Changes the state and collects effects. What it throws (BrokenInvariant, or the library's
  /// own checks) is a bug: the state is half-made then, and the caller throws the role away.
  virtual void step(Input input, Effects& effects) = 0;

  /// When the role wants a Due, on its node's clock.
  virtual std::optional<Instant> deadline() const { return std::nullopt; }

  virtual std::string snapshot() const = 0;  ///< the whole state, for Catalogue::restore
  virtual std::string text() const = 0;      ///< the whole state, as JSON for people
};

/// Knows every kind of role; handed to whoever runs roles (turn, replay, host, simulation).
class Catalogue {
 public:
  virtual ~Catalogue() = default;
  virtual std::unique_ptr<Role> make(RoleId role) const = 0;
  virtual Result<std::unique_ptr<Role>> restore(RoleId role, std::string_view snapshot) const = 0;

  /// `broken` has broken an invariant at `input`, of which it may have done a part. Gives what
  /// stands in its place for ever and collects what that says to the input, or gives nothing:
  /// then supervision restarts the role.
  virtual std::unique_ptr<Role> quarantine(RoleId role, std::unique_ptr<Role> broken,
                                           const Input& input, const std::string& reason,
                                           Effects& effects) const = 0;

  /// Of all decisions of all roles: recordings replay identical within one version.
  virtual std::uint32_t version() const = 0;
};

}  // namespace queenright::messages
