#pragma once

#include <cstdint>
#include <string>

#include "messages/fields.hpp"

namespace queenright::messages {

/// A file that a task has made, and that is handed on. Its content is known by its digest.
struct Artifact {
  static constexpr auto name = "Artifact";
  std::string path;    ///< below the task's directory
  std::string digest;  ///< sha256:...
  std::uint64_t size{};
  bool executable{};
  auto operator<=>(const Artifact&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "path", self.path);
    visit(2, "digest", self.digest);
    visit(3, "size", self.size);
    visit(4, "executable", self.executable);
  }
};

}  // namespace queenright::messages
