#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "messages/artifact.hpp"
#include "messages/result.hpp"

namespace queenright::edges {

/// So much of one is read, or goes from node to node, at once.
inline constexpr std::size_t artifact_piece = std::size_t{256} << 10U;

/// Files by the digests of their contents, each once, in a directory of this node. What is there is
/// whole and durable. Safe for threads and processes: files appear under their names at once.
class ArtifactStore {
 public:
  explicit ArtifactStore(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// Takes the content of a file; `path` is what it will be called. Refused: why it can't be read
  /// or kept.
  messages::Result<messages::Artifact> keep(const std::filesystem::path& file, std::string path);

  bool has(const std::string& digest) const;

  /// Puts it into a directory, under its path. Refused: it is not here, or its path leads
  /// elsewhere.
  messages::Result<bool> place(const messages::Artifact& artifact,
                               const std::filesystem::path& directory) const;

  /// What a process before this one left half done. Before any other call.
  void forget_unfinished();

  /// A piece of its content; empty behind its end. Refused: it is not here.
  messages::Result<std::string> read(const std::string& digest, std::uint64_t offset,
                                     std::size_t most) const;

  /// A piece that comes from elsewhere, in order: with the last one it is here, if its digest is
  /// right. `sender` tells those apart who bring the same at once.
  messages::Result<bool> take(const std::string& sender, const std::string& digest,
                              std::uint64_t size, std::uint64_t offset, std::string_view bytes);

 private:
  std::filesystem::path file_of(const std::string& digest) const;

  const std::filesystem::path directory_;
};

/// The files that match these patterns (glob(7)) below a directory, in order, each once, as paths
/// from there. Refused: a pattern that none matches, or that leads elsewhere.
messages::Result<std::vector<std::string>> files_matching(const std::filesystem::path& directory,
                                                          const std::vector<std::string>& patterns);

/// Below the directory that it is taken from, and nowhere else.
bool is_inside(std::string_view path);

}  // namespace queenright::edges
