#include "deploy/program/document/document.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace queenright::program {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

Findings refused(const std::string& file, std::string what) {
  return {{{file, {}, std::move(what)}}, {}};
}

/// The first bytes of a file.
messages::Result<std::string> read_first(const std::filesystem::path& path, std::size_t most,
                                         bool may_be_pipe) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return messages::Refusal{"this is a directory"};
  if (!may_be_pipe && std::filesystem::exists(path, ignored) &&
      !std::filesystem::is_regular_file(path, ignored))
    return messages::Refusal{"this is not a regular file"};
  std::ifstream in(path, std::ios::binary);
  if (!in) return messages::Refusal{std::string("can't be opened: ") + std::strerror(errno)};
  std::string bytes(most, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad()) return messages::Refusal{std::string("can't be read: ") + std::strerror(errno)};
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

}  // namespace

Findings read_document(std::string_view bytes, const std::string& file, const DocumentKind& kind,
                       const Interpret& interpret) {
  if (bytes.size() > kind.most_bytes)
    return refused(file, "a " + std::string(kind.what) + " has at most " +
                             std::to_string(kind.most_bytes >> 20U) + " MiB");
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  const SourceText source(bytes);
  Problems problems(file, source);
  const auto root = read_yaml(source, problems);
  if (root && root->kind != YamlNode::Kind::null)
    interpret(*root, problems);
  else if (problems.none())
    problems.error(0, "there is no " + std::string(kind.what) + " in this file");
  return {problems.take_errors(), problems.take_warnings()};
}

Findings read_document_file(const std::filesystem::path& path, const DocumentKind& kind,
                            const Interpret& interpret) {
  const auto bytes = read_first(path, kind.most_bytes + 1, kind.may_be_pipe);
  if (!bytes) return refused(path.string(), bytes.reason());
  return read_document(bytes.value(), path.string(), kind, interpret);
}

}  // namespace queenright::program
