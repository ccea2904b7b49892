#include "persistence/active_role.hpp"

#include <exception>
#include <utility>

#include "messages/codec.hpp"

namespace queenright::persistence {

Stepped step_role(const messages::Catalogue& catalogue, ActiveRole& self, messages::Input input,
                  std::string_view encoded) {
  try {
    messages::Effects effects;
    self.role->step(std::move(input), effects);
    return {effects.take(), {}};
  } catch (const std::exception& broken) {  // BrokenInvariant, or a check of the library's
    messages::Effects verdict;
    self.role =
        catalogue.quarantine(self.id, std::move(self.role), messages::decode_input(encoded).value(),
                             broken.what(), verdict);
    return {verdict.take(), broken.what()};
  }
}

std::vector<std::uint64_t> digests_of(const std::vector<messages::Effect>& effects) {
  std::vector<std::uint64_t> digests;
  digests.reserve(effects.size());
  std::string encoded;
  for (const auto& effect : effects) {
    encoded.clear();
    append_encoded(encoded, effect);
    digests.push_back(messages::digest_of(encoded).value);
  }
  return digests;
}

}  // namespace queenright::persistence
