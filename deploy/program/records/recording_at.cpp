#include "deploy/program/records/recording_at.hpp"

#include <algorithm>

#include "deploy/program/failure.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/recording_file.hpp"

namespace queenright::program {

std::filesystem::path recording_path(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path / "journal") ? path / "journal" : path;
}

std::unique_ptr<persistence::Recording> open_recording_at(const std::filesystem::path& path) {
  auto opened = persistence::open_recording(recording_path(path));
  if (!opened) {
    const bool is_journal =
        static_cast<bool>(persistence::JournalDirectory::look(recording_path(path)));
    throw Failure(is_journal ? ExitCode::failed : ExitCode::usage, opened.reason());
  }
  return std::move(std::move(opened).value().recording);
}

std::vector<std::filesystem::path> recordings_below(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  if (!std::filesystem::is_directory(path, error) ||
      persistence::JournalDirectory::look(recording_path(path)))
    return found;
  for (const auto& entry : std::filesystem::directory_iterator(path, error))
    if (const auto below = recording_path(entry.path());
        entry.is_directory() && persistence::JournalDirectory::look(below))
      found.push_back(entry.path());
  std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
    const auto name = one.filename().string();
    const auto other_name = other.filename().string();
    return std::pair(name.size(), name) < std::pair(other_name.size(), other_name);  // 2 before 10
  });
  return found;
}

}  // namespace queenright::program
