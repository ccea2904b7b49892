#pragma once

#include <cstdint>
#include <string_view>

namespace queenright::persistence {

/// CRC-32 with Castagnoli's polynomial, as RocksDB's log files carry it.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace queenright::persistence
