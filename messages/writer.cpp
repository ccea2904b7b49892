#include "messages/writer.hpp"

#include <algorithm>
#include <bit>

namespace queenright::messages {
namespace {

constexpr std::size_t first_room = 256;

}  // namespace

void Writer::grow(std::size_t wanted) {
  const std::size_t so_far = size();
  out_.resize(so_far + wanted + std::max(first_room, so_far - start_));
  at_ = out_.data() + so_far;
  end_ = out_.data() + out_.size();
}

/// Of a body that begins there: it moves up by the bytes of its length beyond the first.
void Writer::put_long_length(std::size_t begin, std::size_t length) {
  make_room();
  const std::size_t more = (static_cast<std::size_t>(std::bit_width(length)) + 6) / 7 - 1;
  char* const body = out_.data() + begin;
  std::memmove(body + more, body, length);
  at_ = body - 1;
  raw(length);
  at_ += length;
}

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
