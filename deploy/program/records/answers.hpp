#pragma once

#include <filesystem>

#include "messages/client_frame.hpp"

namespace queenright::program {

/// From what this node's journal holds: the "runs", the "report" or the "events" of one, what it
/// takes to run it "again", and the "preview" of a decision by `who`, at `now`.
messages::NodeAnswer answer_from_records(const std::filesystem::path& data, const std::string& who,
                                         const messages::NodeQuestion& question,
                                         messages::WallTime now);

}  // namespace queenright::program
