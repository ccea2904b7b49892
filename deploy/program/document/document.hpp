#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/program/document/problems.hpp"
#include "messages/result.hpp"

/// A file that a person wrote in YAML, or in JSON, read as a whole.
namespace queenright::program {

/// What a file is to be.
struct DocumentKind {
  std::string_view what;     ///< "plan", as in "there is no plan in this file"
  std::size_t most_bytes{};  ///< whole MiB
  bool may_be_pipe = false;  ///< whose other end may keep its reader waiting
};

struct Findings {
  std::vector<Problem> errors;    ///< all of them (at most 1,000), in the order of the file
  std::vector<Problem> warnings;  ///< likewise; they hinder nothing
};

/// What a file says; to be used only without errors.
template <class T>
struct Reading {
  T value;
  std::vector<Problem> errors;
};

/// What becomes of the document's root; called unless there is none.
using Interpret = std::function<void(const YamlNode& root, Problems& problems)>;

/// Nothing in the bytes can take more memory than a small multiple of their bounded size.
Findings read_document(std::string_view bytes, const std::string& file, const DocumentKind& kind,
                       const Interpret& interpret);

/// The same from a file, of which no more than may be are read.
Findings read_document_file(const std::filesystem::path& path, const DocumentKind& kind,
                            const Interpret& interpret);

}  // namespace queenright::program
