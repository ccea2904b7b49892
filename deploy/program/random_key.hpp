#pragma once

#include <string>

namespace queenright::program {

/// A key nobody else has: 128 random bits as hexadecimal digits.
std::string random_key();

}  // namespace queenright::program
