#pragma once

#include <filesystem>
#include <string>

#include "deploy/program/keys/make_hive.hpp"

namespace queenright::program {

/// The files of a hive on this machine, in the `hive` folder of its directory.
struct LocalHive {
  HiveMembers members;
  std::filesystem::path client_file;
  bool founding = false;  ///< it is new

  std::filesystem::path node_file(const Member& node) const;
  std::filesystem::path log_file(const Member& node) const;

  std::filesystem::path directory;
  std::string program = "/proc/self/exe";  ///< that its nodes run
};

/// The hive in that directory; a new one on free ports where there is none. Throws Failure.
LocalHive local_hive(const std::filesystem::path& directory, std::size_t queens,
                     std::size_t workers);

}  // namespace queenright::program
