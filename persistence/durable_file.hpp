#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string_view>

#include "messages/result.hpp"

namespace queenright::persistence {

/// What the operating system said of `path`, from errno.
messages::Refusal system_refusal(const std::filesystem::path& path, std::string_view what);

/// Makes durable what was written to a file and closed. Gives what went wrong.
std::optional<messages::Refusal> sync_file(const std::filesystem::path& file);

/// Makes new and renamed entries of a directory durable. Gives what went wrong.
std::optional<messages::Refusal> sync_directory(const std::filesystem::path& directory);

/// Puts a file with these bytes in place, whole or not at all, by way of "PATH.new"; durable
/// when it returns. `mode` is its own from the first byte on. Gives what went wrong.
std::optional<messages::Refusal> replace_file(const std::filesystem::path& path,
                                              std::string_view bytes, mode_t mode = 0644);

}  // namespace queenright::persistence
