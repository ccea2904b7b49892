#include "messages/writer.hpp"

namespace queenright::messages {

/// oneof { null = 1; bool = 2; int = 3; string = 4; list = 5; map = 6 } (value.proto)
void Writer::always(int number, const Value& value) {
  nested(number, [&] {
    if (value.is_null()) always(1, true);
    if (const auto* boolean = value.boolean()) always(2, *boolean);
    if (const auto* integer = value.integer()) always(3, *integer);
    if (const auto* text = value.text()) always(4, *text);
    if (const auto* list = value.list())
      nested(5, [&] {
        for (const auto& element : *list) always(1, element);
      });
    if (const auto* map = value.map()) nested(6, [&] { put(1, *map); });
  });
}

}  // namespace queenright::messages
