#pragma once

#include <filesystem>

#include "messages/client_frame.hpp"

namespace queenright::program {

/// From what this node's journal holds: the "runs", the "report" or the "events" of one, and what
/// it takes to run it "again".
messages::NodeAnswer answer_from_records(const std::filesystem::path& data,
                                         const messages::NodeQuestion& question);

}  // namespace queenright::program
