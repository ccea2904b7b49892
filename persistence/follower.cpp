#include "persistence/follower.hpp"

#include <algorithm>
#include <cstdlib>

#include "persistence/chain.hpp"
#include "persistence/durable_file.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/rocksdb_database.hpp"

namespace queenright::persistence {

using messages::Refusal;
using messages::Result;

Result<std::unique_ptr<Follower>> Follower::open(const std::filesystem::path& path,
                                                 BlockNumber from) {
  const auto directory = JournalDirectory::look(path);
  if (!directory) return Refusal{directory.reason()};
  std::string own = std::filesystem::temp_directory_path() / "queenright-follow-XXXXXX";
  if (::mkdtemp(own.data()) == nullptr) return system_refusal(own, "can't be made");
  std::unique_ptr<Follower> follower(new Follower(from));
  auto database = RocksdbDatabase::open_secondary(directory.value().database(), own);
  // RocksDB asks for the directory, yet keeps nothing in it while its own log is silent. Gone at
  // once, it is not left behind by a follower that is killed.
  std::error_code error;
  std::filesystem::remove_all(own, error);
  if (!database) return Refusal{path.string() + " can't be followed: " + database.reason()};
  follower->database_ = std::make_unique<RocksdbDatabase>(std::move(database).value());
  return follower;
}

Follower::Follower(BlockNumber from) : next_(from) {}

Follower::~Follower() = default;

Result<bool> Follower::poll(const std::function<bool(const Block&)>& visit) {
  const auto caught_up = database_->db().TryCatchUpWithPrimary();
  if (!caught_up.ok()) return Refusal{"can't catch up: " + caught_up.ToString()};
  const auto blocks = database_->iterate(Family::blocks);
  for (blocks->Seek(key_of(next_)); blocks->Valid(); blocks->Next()) {
    const auto block = open_block({blocks->value().data(), blocks->value().size()});
    if (!block) return Refusal{name_of(next_) + ": " + block.reason()};
    const BlockNumber number = block.value().header().number;
    const bool comes_later = number > std::max(next_, database_->first_kept());
    if (comes_later) return true;  // what is before it was on its way from one file to another
    next_.value = number.value + 1;
    if (!visit(block.value())) return false;
  }
  if (!blocks->status().ok()) return Refusal{name_of(next_) + ": " + blocks->status().ToString()};
  return true;
}

}  // namespace queenright::persistence
