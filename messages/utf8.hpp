#pragma once

#include <cstddef>
#include <string_view>

namespace queenright::messages {

/// Bytes of the UTF-8 character at the start of `text`, which is not empty; 0 when there is no
/// valid one (RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF).
std::size_t utf8_length(std::string_view text);

}  // namespace queenright::messages
