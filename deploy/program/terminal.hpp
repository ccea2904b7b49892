#pragma once

/// What the streams of this process can show.
namespace queenright::program {

/// A variable of the environment that is there and not empty.
bool is_set(const char* variable);

/// A terminal that can take back what it shows, and that a person looks at: TERM isn't dumb, and CI
/// isn't set.
bool is_capable_terminal(int stream);

}  // namespace queenright::program
