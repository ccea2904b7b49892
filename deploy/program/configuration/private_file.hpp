#pragma once

#include <filesystem>
#include <string>

#include "messages/result.hpp"

namespace queenright::program {

/// The bytes of a file that holds a secret, of at most 64 KiB. Refused, as a sentence without
/// the path: unreadable, no regular file, too large, readable or writable by others than its
/// owner.
messages::Result<std::string> read_private_file(const std::filesystem::path& path);

/// The secret key that such a file holds: 40 characters and perhaps a newline.
messages::Result<std::string> read_secret_key(const std::filesystem::path& path);

}  // namespace queenright::program
