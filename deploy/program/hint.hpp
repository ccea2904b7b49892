#pragma once

#include <filesystem>
#include <string>

/// What to type next, in messages for people.
namespace queenright::program {

/// Where a hive is kept unless --data says otherwise.
std::filesystem::path default_data();

/// Client keys of the hives that `dev` runs for this user, as NAME.client.yaml.
std::filesystem::path known_hives();

/// The hive that is meant where none is named; empty: none.
std::string default_hive();

/// "queenright VERB", with --data where the hive is not in the default place.
std::string command_line(const std::string& verb, const std::filesystem::path& data);

/// The same for a hive elsewhere, as it was named: with --hive and --keys, where these were given.
std::string command_line_on_hive(const std::string& verb, const std::string& hive,
                                 const std::filesystem::path& keys);

}  // namespace queenright::program
