#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "actors/edges/descriptor.hpp"
#include "messages/attempt.hpp"
#include "messages/result.hpp"

namespace queenright::edges {

/// A process that has just been started, as leader of a process group of its own, and our ends of
/// its streams. They don't block; `input` is none when there is nothing to be said.
struct Launched {
  pid_t process{};
  Descriptor input;
  Descriptor output;
  Descriptor errors;
};

/// What a child gets from the node besides what its plan says: PATH, HOME and LANG, where set.
std::map<std::string, std::string> inherited_environment();

/// The values of secrets in this process's own environment. Refused: one has none.
messages::Result<std::map<std::string, std::string>> secret_values(
    const std::vector<std::string>& names);

/// Where it is to run: `scratch`, which is made when it is needed, or exec.cwd, which must be
/// there; a relative one is taken from `scratch`.
messages::Result<std::filesystem::path> directory_for(const messages::Exec& exec,
                                                      const std::filesystem::path& scratch);

/// Starts what `exec` says: argv exactly as given, `inherited` and exec.env as the environment,
/// default signals, and /dev/null for an empty input. Its directory is `scratch`, which is made
/// when it is needed; a relative exec.cwd is taken from there. Refused with what a person can do
/// about it.
messages::Result<Launched> launch(const messages::Exec& exec,
                                  const std::map<std::string, std::string>& inherited,
                                  const std::filesystem::path& scratch);

}  // namespace queenright::edges
