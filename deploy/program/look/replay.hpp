#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "deploy/program/failure.hpp"

namespace queenright::program {

/// `replay RECORDING [--until SEQ]`: a data directory, a journal's directory or a slice; or a
/// directory with one recording a node, which are then compared with each other, too.
ExitCode replay(const std::filesystem::path& recording, std::uint64_t until,
                const std::string& output);

}  // namespace queenright::program
