#pragma once

#include <cstdint>
#include <string_view>

#include "deploy/program/failure.hpp"

#include "deploy/program/client/client.hpp"
#include "deploy/program/run/progress.hpp"

namespace queenright::program {

/// The state in which a run is left.
using FollowedTo = bool (*)(std::string_view state);

/// The run is over and the hive circuit knows it, so that its process may end.
bool is_closed_or_waits(std::string_view state);

/// The run is over. Its circuit closes when all queens know that, those who are down included.
bool is_over_or_waits(std::string_view state);

/// What a signal to who follows does to the runs.
enum class Interruption : std::uint8_t { cancels, leaves };

/// Waits until every one of these runs is so far, and shows how they go on. Gives 130 after a
/// signal, the node's exit code when it stopped by itself, else success: how the runs ended is in
/// their reports.
ExitCode follow(Client& client, Progress& progress, const Runs& runs, FollowedTo is_followed_to,
                Interruption interruption);

}  // namespace queenright::program
