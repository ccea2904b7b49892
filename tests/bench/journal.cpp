#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "messages/ensure.hpp"
#include "persistence/rocksdb_journal.hpp"

// bench_journal plain|journal DIRECTORY BATCH BATCHES: makes records durable, one sync a batch,
// and prints how many a second. Both sides start from records in memory and write as many bytes.
namespace {

using queenright::messages::ensure;
namespace persistence = queenright::persistence;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t record_size = 216;  // bytes in a block, as most records of a run
constexpr std::uint64_t first_sequence = 1U << 20U;

struct Load {
  std::size_t batch;
  std::size_t batches;

  double per_second(SteadyClock::time_point began) const {
    const std::chrono::duration<double> took = SteadyClock::now() - began;
    return static_cast<double>(batch * batches) / took.count();
  }
};

persistence::Record sample_record() {
  persistence::Record record;
  record.role = queenright::messages::queen_role();
  record.sequence = {first_sequence};
  record.effects = {0x0123456789abcdefU};
  record.input.assign(record_size / 2, 'q');
  persistence::BlockBuilder builder;
  const std::size_t empty = builder.size();
  builder.append(record);
  record.input.resize(record.input.size() + record_size - (builder.size() - empty), 'q');
  return record;
}

double plain_file(const std::filesystem::path& directory, const Load& load) {
  const auto path = directory / "plain";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
  ensure(file >= 0, "the plain file can be made");
  const std::string record(record_size, 'q');
  std::string buffer;
  const auto began = SteadyClock::now();
  for (std::size_t i = 0; i < load.batches; ++i) {
    buffer.clear();
    for (std::size_t j = 0; j < load.batch; ++j) buffer += record;
    ensure(write(file, buffer.data(), buffer.size()) == static_cast<ssize_t>(buffer.size()),
           "the plain file takes a batch");
    ensure(fdatasync(file) == 0, "the plain file syncs");
  }
  const double rate = load.per_second(began);
  close(file);
  return rate;
}

double journal(const std::filesystem::path& directory, const Load& load) {
  auto opened = persistence::open_journal(directory / "journal");
  ensure(static_cast<bool>(opened), "the journal can be made");
  const auto journal = std::move(std::move(opened).value().journal);
  auto record = sample_record();
  persistence::Tail tail = journal->tail();
  persistence::BlockBuilder builder;
  const auto began = SteadyClock::now();
  for (std::size_t i = 0; i < load.batches; ++i) {
    for (std::size_t j = 0; j < load.batch; ++j) {
      builder.append(record);
      ++record.sequence.value;
    }
    const std::string block = builder.seal(tail, {});
    journal->append({&block, 1}, {}, {});
  }
  return load.per_second(began);
}

}  // namespace

int main(int argc, char** argv) {
  ensure(argc == 5, "usage: bench_journal plain|journal DIRECTORY BATCH BATCHES");
  const std::string_view side = argv[1];
  const Load load{std::stoul(argv[3]), std::stoul(argv[4])};
  ensure(side == "plain" || side == "journal", "the side is plain or journal");
  std::printf("%.0f\n", side == "plain" ? plain_file(argv[2], load) : journal(argv[2], load));
}
