#pragma once

#include <string>
#include <vector>

/// What holds where the command line says nothing: the environment, then the user's file
/// ($XDG_CONFIG_HOME/queenright/config.yaml), then the machine's (/etc/queenright/config.yaml),
/// then what is built in.
namespace queenright::program {

struct Preference {
  std::string name;    ///< "data"
  std::string value;   ///< empty: nothing in particular
  std::string origin;  ///< a variable, FILE:LINE, or "built in"
};

/// All of them, in the order of the manual; files are read once a process. Throws Failure: usage,
/// with the place of all that is wrong in a file.
const std::vector<Preference>& preferences();

/// Of one of these. Precondition: there is one of that name.
const std::string& preferred(const std::string& name);

}  // namespace queenright::program
