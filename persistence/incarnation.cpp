#include "persistence/incarnation.hpp"

namespace queenright::persistence {

messages::Incarnation next_incarnation(Journal& journal) {
  const auto last = journal.metadata("incarnation");
  const messages::Incarnation next{static_cast<std::uint32_t>(last ? std::stoul(*last) + 1 : 1)};
  journal.put_metadata("incarnation", std::to_string(next.value));
  return next;
}

}  // namespace queenright::persistence
