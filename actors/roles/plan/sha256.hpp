#pragma once

#include <string>
#include <string_view>

namespace queenright::roles {

/// "sha256:" and 64 hexadecimal digits: names what nobody can make something else look like.
std::string sha256_of(std::string_view bytes);

}  // namespace queenright::roles
