#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/program/document/problems.hpp"

/// What holds where the command line says nothing: the environment, then the user's file
/// ($XDG_CONFIG_HOME/queenright/config.yaml), then the machine's (/etc/queenright/*.yaml), then
/// what is built in.
namespace queenright::program {

struct Preference {
  std::string name;    ///< "data"
  std::string value;   ///< empty: nothing in particular
  std::string origin;  ///< a variable, FILE:LINE, or "built in"
};

struct Preferences {
  std::vector<Preference> all;  ///< in the order of the manual
  std::vector<Problem> errors;  ///< what is wrong holds nowhere
};

/// From the environment, this file, and the files of this directory in the order of their names:
/// the last one counts. Files of nodes and clients, which are there too, are left alone.
Preferences read_preferences(const std::filesystem::path& user,
                             const std::filesystem::path& machine);

/// All that hold for this process; files are read once.
const std::vector<Preference>& preferences();

/// Throws Failure: usage, with the place of all that is wrong.
void require_preferences();

/// One of these. Precondition: there is one of that name.
const Preference& preference(const std::string& name);
const std::string& preferred(const std::string& name);  ///< its value

}  // namespace queenright::program
