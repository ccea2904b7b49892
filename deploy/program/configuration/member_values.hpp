#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "deploy/program/configuration/address.hpp"
#include "deploy/program/document/problems.hpp"

/// Single values of a hive's files. Each reports what is wrong and gives nothing then.
namespace queenright::program {

std::optional<Address> read_address(const YamlNode& node, std::string_view what,
                                    Problems& problems);
std::optional<Address> read_listen_address(const YamlNode& node, std::string_view what,
                                           Problems& problems);

/// One half of a pair of keys. What is wrong with it is told without showing it.
std::optional<std::string> read_key(const YamlNode& node, std::string_view what,
                                    Problems& problems);

/// 32 hexadecimal digits, in small letters.
std::optional<std::string> read_hive_id(const YamlNode& node, Problems& problems);

}  // namespace queenright::program
