#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "deploy/program/document/problems.hpp"

namespace queenright::program::test {

inline std::vector<std::string> texts_of(const std::vector<Problem>& problems) {
  std::vector<std::string> texts;
  for (const auto& problem : problems) texts.push_back(text_of(problem));
  return texts;
}

/// All of them, a line each: easy to compare, and to read when it differs.
inline std::string joined(const std::vector<Problem>& problems) {
  std::string lines;
  for (const auto& text : texts_of(problems)) lines += text + "\n";
  return lines;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

inline void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? "'" + from + "' is not in the text"
                                 : text.replace(at, from.size(), to);
}

/// Errors with the names of files alone.
inline std::string without_folder(std::string errors, const std::filesystem::path& folder) {
  const std::string prefix = folder.string() + "/";
  for (std::size_t at = 0; (at = errors.find(prefix, at)) != std::string::npos;)
    errors.erase(at, prefix.size());
  return errors;
}

}  // namespace queenright::program::test
