#include "messages/letter.hpp"

#include <algorithm>

namespace queenright::messages {

bool is_fleeting(const Letter& letter) {
  return std::all_of(letter.send.items.begin(), letter.send.items.end(), [](const Item& item) {
    return std::holds_alternative<Contact>(item) || std::holds_alternative<Hello>(item) ||
           std::holds_alternative<WorkerHello>(item) || std::holds_alternative<WorkerHeard>(item);
  });
}

}  // namespace queenright::messages
