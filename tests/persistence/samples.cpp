#include "samples.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "messages/codec.hpp"

namespace samples {

namespace fs = std::filesystem;
using namespace queenright;

TempDirectory::TempDirectory(Place place) {
  constexpr std::uintmax_t enough = std::uintmax_t{48} << 20U;
  std::error_code error;
  const fs::path memory = "/dev/shm";
  const bool in_memory = place == Place::memory && fs::is_directory(memory, error) &&
                         fs::space(memory, error).available >= enough && !error;
  std::string name = (in_memory ? memory : fs::temp_directory_path()) / "queenright-test-XXXXXX";
  BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code error;
  fs::remove_all(path_, error);
}

Record record(std::uint64_t sequence, std::size_t size, RoleId role) {
  std::mt19937_64 random(sequence);
  std::string text(size, '\0');
  for (char& byte : text) byte = static_cast<char>(random());
  messages::Input input;
  input.wall.milliseconds = static_cast<std::int64_t>(1000 + sequence);
  input.body = messages::Drain{text, 0};
  Record made{role, {sequence}, {}, {random(), random()}, {}};
  messages::append_encoded(made.input, input);
  return made;
}

std::string block(Tail& tail, std::uint32_t records, std::size_t size) {
  persistence::BlockBuilder builder;
  for (std::uint32_t i = 0; i < records; ++i)
    builder.append(record(tail.last_position.value + i + 1, size,
                          messages::circuit_role({tail.last.value % 3})));
  return builder.seal(tail, {static_cast<std::int64_t>(tail.last.value) + 1});
}

std::vector<std::string> blocks(Tail& tail, std::size_t count, std::uint32_t records,
                                std::size_t size) {
  std::vector<std::string> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back(block(tail, records, size));
  return made;
}

Snapshot snapshot(RoleId role, std::uint64_t position, const std::string& state) {
  return {role, {position}, {position}, 1, state};
}

std::vector<std::string> contents(const Recording& recording, std::uint64_t from) {
  std::vector<std::string> all;
  const auto scanned = recording.scan({from}, [&](const persistence::Block& block) {
    all.emplace_back(block.bytes());
    return true;
  });
  BOOST_REQUIRE_MESSAGE(scanned, (scanned ? "" : scanned.reason()));
  BOOST_CHECK(scanned.value());
  return all;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
}

}  // namespace samples
