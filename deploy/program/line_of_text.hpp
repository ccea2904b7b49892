#pragma once

#include <CLI/CLI.hpp>

namespace queenright::program {

/// For an option that others read later, in lists and logs: one line of at most 200 bytes, UTF-8,
/// and not empty.
CLI::Validator line_of_text();

}  // namespace queenright::program
