#include "deploy/program/chaos/workload.hpp"

#include <fmt/format.h>

#include <utility>

#include "deploy/program/chaos/chaos_client.hpp"

namespace queenright::program {
namespace {

constexpr std::uint64_t first_stream = 100;  // of the seed's chance: one a client

}  // namespace

Workload::Workload(const LocalHive& hive, std::filesystem::path marks, std::uint64_t seed,
                   std::size_t clients)
    : hive_(hive), marks_(std::move(marks)), seed_(seed), working_(clients) {
  for (std::uint64_t client = 1; client <= clients; ++client)
    threads_.emplace_back([this, client] { work(client); });
}

Workload::~Workload() {
  give_up();
  for (auto& thread : threads_) thread.join();
}

std::vector<Submission> Workload::submissions() const {
  const std::lock_guard lock(mutex_);
  return submissions_;
}

void Workload::work(std::uint64_t number) {
  ChaosClient client(hive_, marks_, sim::Draw(seed_, first_stream + number));
  for (std::size_t count = 1; !finishing_; ++count) {
    auto submission = client.submit(fmt::format("chaos-{}-{}", number, count), gave_up_);
    {
      const std::lock_guard lock(mutex_);
      submissions_.push_back(std::move(submission));
    }
    client.follow(finishing_);
  }
  --working_;
}

}  // namespace queenright::program
