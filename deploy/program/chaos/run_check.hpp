#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "deploy/program/chaos/workload.hpp"
#include "messages/value.hpp"

/// What became of what clients wanted, and whether that may be.
namespace queenright::program {

/// The status of a run that was over so long ago that the hive knows it no more: then its marks
/// tell whether it was done.
inline constexpr const char* forgotten = "forgotten";

/// A run as the hive knows it.
struct FoundRun {
  std::string status;
  std::string reason;
  std::vector<std::string> waits_for;  ///< steps of which nobody knows what they did
};

struct RunCheck {
  std::uint64_t submitted{};
  std::uint64_t acknowledged{};
  std::map<std::string, std::uint64_t> by_status;        ///< of the acknowledged ones
  std::map<std::string, std::vector<std::string>> wait;  ///< runs, and the steps they wait for
  std::vector<std::string> violations;
};

/// `found`: by name, when all is healed and had its time. `marks`: the lines that steps left.
RunCheck check_runs(const std::vector<Submission>& submissions,
                    const std::map<std::string, FoundRun>& found,
                    const std::vector<std::string>& marks);

/// The lines of a file; nothing, when it is missing.
std::vector<std::string> lines_of(const std::filesystem::path& file);

}  // namespace queenright::program
