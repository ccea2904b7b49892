#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "persistence/journal.hpp"

/// Material for the tests of this room.
namespace samples {

using queenright::messages::RoleId;
using queenright::persistence::Record;
using queenright::persistence::Recording;
using queenright::persistence::Snapshot;
using queenright::persistence::Tail;

/// A directory of this test alone, gone with it.
class TempDirectory {
 public:
  /// In memory where the machine offers it: for tests of many small syncs.
  enum class Place { disk, memory };
  explicit TempDirectory(Place place = Place::disk);
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A record with a real input; `size` bytes of it are text, of no pattern.
Record record(std::uint64_t sequence, std::size_t size = 40, RoleId role = {});

/// The next block of a chain; its time in milliseconds is its number.
std::string block(Tail& tail, std::uint32_t records = 3, std::size_t size = 40);
std::vector<std::string> blocks(Tail& tail, std::size_t count, std::uint32_t records = 3,
                                std::size_t size = 40);

Snapshot snapshot(RoleId role, std::uint64_t position, const std::string& state = "state");

/// The bytes of all blocks that a scan shows; a damage ends the test.
std::vector<std::string> contents(const Recording& recording, std::uint64_t from = 1);

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& bytes);

}  // namespace samples
