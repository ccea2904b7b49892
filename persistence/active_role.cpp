#include "persistence/active_role.hpp"

#include <stdexcept>
#include <utility>

#include "messages/codec.hpp"

namespace queenright::persistence {

Stepped step_role(const messages::Catalogue& catalogue, ActiveRole& self, messages::Input input,
                  std::string_view encoded) {
  try {
    messages::Effects effects;
    self.role->step(std::move(input), effects);
    return {effects.take(), {}};
  } catch (const std::logic_error& broken) {  // BrokenInvariant, or the library's own checks
    messages::Effects verdict;
    self.role = catalogue.quarantine(self.id, messages::decode_input(encoded).value(),
                                     broken.what(), verdict);
    return {verdict.take(), broken.what()};
  }
}

std::vector<std::uint64_t> digests_of(const std::vector<messages::Effect>& effects) {
  std::vector<std::uint64_t> digests;
  digests.reserve(effects.size());
  for (const auto& effect : effects) digests.push_back(digest_of(effect).value);
  return digests;
}

}  // namespace queenright::persistence
