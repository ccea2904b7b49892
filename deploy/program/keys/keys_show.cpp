#include "deploy/program/keys/keys_show.hpp"

#include <fmt/format.h>

#include <fstream>

#include "actors/sockets/keys.hpp"
#include "deploy/program/configuration/descriptions.hpp"
#include "deploy/program/configuration/private_file.hpp"
#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/formats.hpp"

namespace queenright::program {
namespace {

using messages::Value;

enum class FileKind : std::uint8_t { key, client, node, hive };

bool holds_key(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return false;
  std::ifstream in(file);
  std::string line;
  line.resize(41);  // a key and a newline
  in.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(in.gcount()));
  return sockets::is_key(line.substr(0, line.find('\n')));
}

/// What a file is to be, by the keys that only one kind has.
FileKind kind_of(const std::filesystem::path& file) {
  if (holds_key(file)) return FileKind::key;
  FileKind kind = FileKind::hive;
  static constexpr DocumentKind any{"file of a hive", 1U << 20U};
  const auto findings = read_document_file(file, any, [&](const YamlNode& root, Problems&) {
    root.entries([&](const YamlNode& key, const YamlNode&) {
      if (key.text == "client") kind = FileKind::client;
      if (key.text == "members") kind = FileKind::node;
    });
  });
  refuse_errors(findings.errors, file.string());
  return kind;
}

template <class T>
void show(const char* kind, const Reading<T>& reading, const std::string& path,
          const std::string& output) {
  refuse_errors(reading.errors, path);
  if (format_of(output) == Format::human) return fmt::print("{}", text_of(reading.value));
  Value value = value_of(reading.value);
  std::get<Value::Map>(value.kind())["is"] = kind;
  fmt::print("{}", formatted(value, format_of(output)));
}

void show_key(const std::filesystem::path& file, const std::string& output) {
  const auto secret = read_secret_key(file);
  if (!secret) throw Failure(ExitCode::usage, file.string() + ": " + secret.reason());
  const std::string key = sockets::public_key_of(secret.value());
  if (format_of(output) == Format::human)
    fmt::print("a secret key; its public half is {}\n", key);
  else
    fmt::print("{}", formatted(Value::Map{{"is", "key"}, {"public_key", key}}, format_of(output)));
}

}  // namespace

ExitCode show_keys(const std::filesystem::path& file, const std::string& output) {
  const std::string path = file.string();
  switch (kind_of(file)) {
    case FileKind::key: show_key(file, output); break;
    case FileKind::client: show("client", read_client_file(file), path, output); break;
    case FileKind::node: show("node", read_node_file(file, {}), path, output); break;
    case FileKind::hive: show("hive", read_members_file(file), path, output); break;
  }
  return ExitCode::success;
}

}  // namespace queenright::program
