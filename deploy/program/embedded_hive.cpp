#include "deploy/program/embedded_hive.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "deploy/program/failure.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/kept_runs.hpp"
#include "deploy/program/say.hpp"
#include "messages/ensure.hpp"
#include "persistence/incarnation.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/recovery.hpp"

namespace queenright::program {

using messages::Cause;
using messages::CircuitId;
using messages::Effect;
using messages::RoleKind;
using messages::TraceId;

namespace {

constexpr std::uint64_t low_disk_bytes = 256ULL << 20U;
constexpr std::uint64_t low_disk_share = 20;  // one part in twenty: 5 %
constexpr auto look_at_disk_every = std::chrono::milliseconds{100};

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  messages::ensure(getrandom(&seed, sizeof seed, 0) == sizeof seed, "Linux has randomness");
  return seed;
}

std::uint32_t default_slots() { return std::max(4U, 2 * std::thread::hardware_concurrency()); }

/// Ends the process at once: nothing more may be released.
[[noreturn]] void end_now(const std::filesystem::path& data, const std::string& reason) {
  say("queenright: {}\n"
      "queenright: nothing that was acknowledged is lost; once this is mended, '{}' goes on\n",
      reason, command_line("runs resume --all", data));
  _exit(static_cast<int>(ExitCode::unavailable));
}

std::unique_ptr<edges::ChildRunner> start_runner(const std::filesystem::path& data) {
  auto runner = edges::ChildRunner::start(data / "scratch");
  if (!runner) throw Failure(ExitCode::unavailable, runner.reason());
  return std::move(runner).value();
}

std::string hint_for(persistence::Unrecoverable::Why why, const std::filesystem::path& data) {
  using Why = persistence::Unrecoverable::Why;
  if (why == Why::other_version)
    return "; go on with the program that wrote it, or start another hive with --data";
  if (why == Why::diverged)
    return "; run once with the version that wrote it, or see 'queenright replay " + data.string() +
           "'";
  return {};
}

}  // namespace

EmbeddedHive::EmbeddedHive(HiveOptions options)
    : options_(std::move(options)),
      runner_(start_runner(options_.data)),
      client_(node_id_, [this](TraceId trace, messages::Envelope envelope) {
        node_->deliver(messages::queen_role(), trace, {}, std::move(envelope));
      }) {
  const auto directory = options_.data / "journal";
  auto opened = persistence::open_journal(directory);
  if (!opened) {
    const bool readable = static_cast<bool>(persistence::JournalDirectory::look(directory));
    throw Failure(readable ? ExitCode::unavailable : ExitCode::usage, opened.reason());
  }
  auto [journal, report] = std::move(opened).value();
  journal_ = options_.decorate_journal ? options_.decorate_journal(std::move(journal))
                                       : std::move(journal);
  torn_tail_ = report.torn_tail;
  recover();
}

EmbeddedHive::~EmbeddedHive() { stop(); }

void EmbeddedHive::recover() {
  auto recovery = persistence::recover(catalogue_, *journal_);
  if (const auto* failed = std::get_if<persistence::Unrecoverable>(&recovery))
    throw Failure(ExitCode::unavailable, failed->reason + hint_for(failed->why, options_.data));
  recovered_ = std::move(std::get<persistence::Recovered>(recovery).roles);
  const auto hive = recovered_.find(messages::circuit_role(messages::hive_circuit));
  if (hive != recovered_.end())
    hive_ = dynamic_cast<const roles::Hive&>(*hive->second.role).state();
}

std::vector<std::pair<CircuitId, roles::RunRecord>> EmbeddedHive::open_runs() const {
  std::vector<std::pair<CircuitId, roles::RunRecord>> open;
  for (const auto& [circuit, record] : hive_.runs)
    if (!roles::is_over(record.status)) open.emplace_back(circuit, record);
  return open;
}

void EmbeddedHive::start(std::vector<CircuitId> held) {
  messages::Booted booted;
  booted.incarnation = persistence::next_incarnation(*journal_);
  booted.seed = random_seed();
  booted.node = node_id_;
  booted.queens = {node_id_};
  booted.slots = options_.slots != 0 ? options_.slots : default_slots();
  booted.held = std::move(held);
  retain();
  node_ = std::make_unique<host::Node>(
      host::Node::Ports{node_id_, catalogue_, *journal_, *this, clock_,
                        [this](const std::string& reason) {
                          end_now(options_.data, "the journal failed: " + reason);
                        },
                        [this] { watch_disk(); }});
  runner_->attach(*node_, messages::worker_role(),
                  [this](const std::string& reason) { end_now(options_.data, reason); });
  node_->start(std::move(recovered_), booted);
}

/// Old blocks go; the runs in them are kept as slices.
void EmbeddedHive::retain() {
  const auto kept =
      drop_old_blocks(*journal_, options_.data,
                      {options_.keep_bytes, std::chrono::days{options_.keep_days}}, clock_.wall());
  if (!kept) throw Failure(ExitCode::unavailable, kept.reason());
}

/// Well before the disk is full the node drains.
void EmbeddedHive::watch_disk() {
  if (draining_ || clock_.now() - disk_seen_ < look_at_disk_every) return;
  disk_seen_ = clock_.now();
  std::error_code unknown;
  const auto space = std::filesystem::space(options_.data, unknown);
  if (unknown || space.available >= std::min(low_disk_bytes, space.capacity / low_disk_share))
    return;
  draining_ = true;
  const messages::Drain drain{"only " + std::to_string(space.available >> 20U) +
                                  " MiB are free in " + options_.data.string() +
                                  "; nothing new is started",
                              static_cast<int>(ExitCode::unavailable)};
  node_->deliver(messages::queen_role(), {}, {}, drain);
  node_->deliver(messages::worker_role(), {}, {}, drain);
}

void EmbeddedHive::release(TraceId trace, Cause cause, Effect effect) {
  if (auto* send = std::get_if<messages::Send>(&effect.body))
    client_.take(std::move(*send));
  else if (const auto* spawn = std::get_if<messages::Spawn>(&effect.body))
    runner_->spawn(trace, cause, *spawn);
  else if (const auto* end = std::get_if<messages::EndChild>(&effect.body))
    runner_->end(*end);
  else if (const auto* sweep = std::get_if<messages::SweepCircuit>(&effect.body))
    runner_->sweep(*sweep);
  else if (const auto* stop = std::get_if<messages::StopNode>(&effect.body))
    client_.happen(*stop);
}

void EmbeddedHive::with_journal(const std::function<void(const persistence::Recording&)>& read) {
  std::promise<void> done;
  node_->with_journal([&](persistence::Journal& journal) {
    read(journal);
    done.set_value();
  });
  done.get_future().wait();
}

void EmbeddedHive::stop() {
  if (node_ == nullptr || std::exchange(stopped_, true)) return;
  node_->stop();
  persistence::mark_clean_stop(*journal_);
  runner_.reset();
}

}  // namespace queenright::program
