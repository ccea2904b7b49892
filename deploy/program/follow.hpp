#pragma once

#include "deploy/program/client.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/progress.hpp"

namespace queenright::program {

/// Waits until every one of these runs is over or waits for a person, and shows how they go on.
/// A signal cancels them. Gives 130 after a signal, the node's exit code when it stopped by
/// itself, else success: how the runs ended is in their reports.
ExitCode follow(Client& client, Progress& progress, const Runs& runs);

}  // namespace queenright::program
