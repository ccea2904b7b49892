#pragma once

#include <filesystem>
#include <string>

#include "actors/edges/descriptor.hpp"
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
  edges::Descriptor in_use;                ///< locked, so that no other process runs this hive
  std::string program = "/proc/self/exe";  ///< that its nodes run
};

/// The hive in that directory; a new one on free ports where there is none. Throws Failure: another
/// process runs it, or the directory is a node's.
LocalHive local_hive(const std::filesystem::path& directory, std::size_t queens,
                     std::size_t workers);

}  // namespace queenright::program
