#include "messages/reader.hpp"

namespace queenright::messages {

/// oneof { null = 1; bool = 2; int = 3; string = 4; list = 5; map = 6 } (value.proto)
void Reader::get(std::uint32_t tag, Value& value) {
  if (!is_length_delimited(tag) || !take_room(sizeof(Value))) return;
  nested([&] {
    each_field([&](std::uint32_t part) {
      auto& kind = value.kind();
      switch (WireCursor::number_of(part)) {
        case 1: {
          bool null = true;
          get(part, null);
          kind = Value::Null{};
          break;
        }
        case 2: get(part, kind.emplace<bool>()); break;
        case 3: get(part, kind.emplace<std::int64_t>()); break;
        case 4: get(part, kind.emplace<std::string>()); break;
        case 5:
          if (!is_length_delimited(part)) return;
          nested([&] {
            auto& list = kind.emplace<Value::List>();
            each_field([&](std::uint32_t element) { get(element, list.emplace_back()); });
          });
          break;
        case 6:
          if (!is_length_delimited(part)) return;
          nested([&] {
            auto& map = kind.emplace<Value::Map>();
            each_field([&](std::uint32_t entry) { get(entry, map); });
          });
          break;
        default: skip(part);
      }
    });
  });
}

}  // namespace queenright::messages
