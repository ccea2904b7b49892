#include "persistence/incarnation.hpp"

namespace queenright::persistence {

namespace {
constexpr auto incarnation_name = "incarnation";
}

messages::Incarnation last_incarnation(const Recording& journal) {
  const auto last = journal.metadata(incarnation_name);
  return {static_cast<std::uint32_t>(last ? std::stoul(*last) : 0)};
}

messages::Incarnation next_incarnation(Journal& journal) {
  const messages::Incarnation next{last_incarnation(journal).value + 1};
  continue_incarnations(journal, next);
  return next;
}

void continue_incarnations(Journal& journal, messages::Incarnation last) {
  journal.put_metadata(incarnation_name, std::to_string(last.value));
}

messages::Booted booted_again(Journal& journal, messages::Booted booted) {
  booted.incarnation = next_incarnation(journal);
  booted.seed += booted.incarnation.value;
  return booted;
}

}  // namespace queenright::persistence
