#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "persistence/journal.hpp"

namespace queenright::persistence {

/// A journal that calls before and after each of its writes: to wait there, to fail, to crash.
class WatchedJournal : public Journal {
 public:
  struct Hooks {
    std::function<void()> before = [] {};  ///< throws JournalFailed: nothing is written
    std::function<void()> after = [] {};
  };

  WatchedJournal(std::unique_ptr<Journal> journal, Hooks hooks)
      : journal_(std::move(journal)), hooks_(std::move(hooks)) {}

  Tail tail() const override { return journal_->tail(); }
  BlockNumber first() const override { return journal_->first(); }
  messages::Result<bool> scan(BlockNumber from,
                              const std::function<bool(const Block&)>& visit) const override {
    return journal_->scan(from, visit);
  }
  messages::Result<std::vector<Snapshot>> newest_snapshots() const override {
    return journal_->newest_snapshots();
  }
  messages::Result<std::vector<Snapshot>> base_snapshots() const override {
    return journal_->base_snapshots();
  }
  std::optional<std::string> metadata(const std::string& name) const override {
    return journal_->metadata(name);
  }

  void append(std::span<const std::string> blocks, std::span<const Snapshot> snapshots,
              std::span<const messages::RoleId> retired) override {
    hooks_.before();
    journal_->append(blocks, snapshots, retired);
    hooks_.after();
  }
  void drop_before(BlockNumber keep) override {
    hooks_.before();
    journal_->drop_before(keep);
    hooks_.after();
  }
  void put_metadata(const std::string& name, const std::string& value) override {
    hooks_.before();
    journal_->put_metadata(name, value);
    hooks_.after();
  }

 private:
  const std::unique_ptr<Journal> journal_;
  const Hooks hooks_;
};

}  // namespace queenright::persistence
