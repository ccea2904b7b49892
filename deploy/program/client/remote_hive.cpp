#include "deploy/program/client/remote_hive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "deploy/program/document/refuse_errors.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/preferences/preferences.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::Value;

namespace {

constexpr auto patience = std::chrono::seconds{15};
constexpr auto look_again_after = std::chrono::milliseconds{50};
constexpr const char* client_suffix = ".client.yaml";

/// The client files in a directory, or in the `hive` folder of it, as `dev` makes it.
std::vector<std::filesystem::path> client_files(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> found;
  for (const auto& place : {directory, directory / "hive"}) {
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(place, missing))
      if (entry.path().string().ends_with(client_suffix)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

ClientKeys read(const std::filesystem::path& file) {
  auto reading = read_client_file(file);
  refuse_errors(reading.errors, "the client's file");
  return std::move(reading.value);
}

bool has(const ClientKeys& keys, const std::string& address) {
  return std::any_of(keys.queens.begin(), keys.queens.end(),
                     [&](const auto& queen) { return text_of(queen.address) == address; });
}

/// The hive's keys by one of its addresses, among those of the hives that run here.
ClientKeys keys_for(const std::string& address) {
  for (const auto& file : client_files(known_hives())) {
    auto keys = read_client_file(file);
    if (keys.errors.empty() && has(keys.value, address)) return std::move(keys.value);
  }
  throw Failure(ExitCode::usage,
                fmt::format("no keys are known for {}: give the client's file with --keys, or in "
                            "QUEENRIGHT_KEYS",
                            address));
}

bool goes_on(const Value& report) {
  return !messages::is_at_rest(*report.map()->at("status").text());
}

edges::HiveConnection::Options connection_options(const ClientKeys& keys) {
  edges::HiveConnection::Options options;
  options.keys = keys.keys;
  for (const auto& queen : keys.queens)
    options.queens.push_back({queen.name, text_of(queen.address), queen.key});
  return options;
}

}  // namespace

ClientKeys client_keys(const HiveAccess& access) {
  auto file = access.keys;
  const bool is_address = access.hive.starts_with("tcp://");
  // Of the hive that is preferred; a directory that is named has its own.
  if (file.empty() && (is_address || access.hive == preferred("hive"))) file = preferred("keys");
  if (!access.is_given())
    throw Failure(ExitCode::usage,
                  "which hive? Name one of its queens' addresses, or a directory with "
                  "a client's file, by --hive or in QUEENRIGHT_HIVE");
  if (file.empty() && !is_address) {
    const auto found = client_files(access.hive);
    if (found.empty())
      throw Failure(
          ExitCode::usage,
          fmt::format("'{}' is neither an address (tcp://HOST:PORT) nor a directory with a "
                      "client's file (*.client.yaml, there or in its folder hive)",
                      access.hive));
    file = found.front();
  }
  ClientKeys keys = file.empty() ? keys_for(access.hive) : read(file);
  if (!is_address) return keys;
  if (!has(keys, access.hive))
    throw Failure(ExitCode::usage,
                  fmt::format("{} names no queen at {}", file.string(), access.hive));
  std::stable_partition(keys.queens.begin(), keys.queens.end(),
                        [&](const auto& queen) { return text_of(queen.address) == access.hive; });
  return keys;
}

RemoteHive::RemoteHive(const HiveAccess& access, bool quiet)
    : RemoteHive(quiet, client_keys(access)) {}

RemoteHive::RemoteHive(bool quiet, const ClientKeys& keys)
    : quiet_(quiet),
      queens_(keys.queens.size()),
      client_(
          [this](const Client::Said& said) {
            connection_.say({messages::client_version, said.trace, said.items, said.questions});
          },
          [this] { move_on(); }, keys.queens.size()),
      connection_(connection_options(keys),
                  {[this](messages::ClientResponse response) { take(std::move(response)); },
                   [this](const std::string& queen) { connected(queen); },
                   [this](const std::string& queen) {
                     if (!quiet_) say("queenright: lost {}; going on elsewhere\n", queen);
                   },
                   [this](bool refused) { unreached(refused); }}) {
  client_.give_up_after(patience);
}

void RemoteHive::connected(const std::string& queen) {
  if (!queen_.empty() && queen != queen_ && !quiet_) say("queenright: connected to {}\n", queen);
  queen_ = queen;
  unreached_ = key_refused_ = 0;
  client_.moved();
}

void RemoteHive::take(messages::ClientResponse response) {
  if (!response.refused.empty()) return refused(response.refused);
  refusals_ = 0;
  client_.take(std::move(response.items));
  for (auto& answer : response.answers) client_.take(std::move(answer));
}

/// Another queen may have room, or speak this language.
void RemoteHive::refused(const std::string& why) {
  if (++refusals_ < queens_) return move_on();
  client_.happen(messages::StopNode{number_of(ExitCode::unavailable), why});
}

void RemoteHive::unreached(bool refused) {
  key_refused_ += refused ? 1 : 0;
  if (++unreached_ != queens_) return;
  if (key_refused_ == queens_)
    client_.happen(messages::StopNode{number_of(ExitCode::unavailable),
                                      "no queen of the hive knows this client's key"});
  else if (!quiet_)
    say("queenright: no queen can be reached so far; trying on\n");
}

Value RemoteHive::ask(const std::string& what, const std::string& subject) {
  auto answer = client_.ask_all({{}, what, subject});
  if (!answer.refused.empty()) throw Failure(ExitCode::not_found, answer.refused);
  return std::move(answer.value);
}

Value RemoteHive::report(const std::string& run) {
  const auto since = std::chrono::steady_clock::now();
  for (;;) {
    auto report = client_.ask_all({{}, "report", run});
    const bool known = report.refused.empty();
    const bool late = std::chrono::steady_clock::now() - since > patience;
    if (!known && late) throw Failure(ExitCode::not_found, report.refused);
    if (known && (late || !goes_on(report.value))) return std::move(report.value);
    std::this_thread::sleep_for(look_again_after);
  }
}

}  // namespace queenright::program
