#pragma once

#include <string_view>

#include "messages/result.hpp"
#include "messages/value.hpp"

namespace queenright::edges {

/// Decodes one JSON document that anybody may have written. Numbers with a fraction or an
/// exponent, and integers beyond 64 bits, become strings as they were written. Refused with the
/// place: what is not JSON or not UTF-8, a key that comes twice in one object, a number beyond
/// what a double can hold, and what exceeds `limits`.
messages::Result<messages::Value> decode_json(std::string_view text,
                                              const messages::ValueLimits& limits = {});

}  // namespace queenright::edges
