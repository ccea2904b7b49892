#include "deploy/program/node/node_process.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "deploy/program/failure.hpp"
#include "deploy/program/records/kept_runs.hpp"
#include "deploy/program/say.hpp"
#include "messages/ensure.hpp"
#include "persistence/incarnation.hpp"
#include "persistence/journal_directory.hpp"
#include "persistence/recovery.hpp"

namespace queenright::program {

using messages::Cause;
using messages::Effect;
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

/// Others know the lives of a node whose journal was lost, and it does not: it takes a number that
/// is higher than any it can have had, for it did not begin a life each second since.
messages::Incarnation above_all_before(messages::WallTime now) {
  constexpr std::int64_t year_2020 = 1'577'836'800;
  return {static_cast<std::uint32_t>(std::max<std::int64_t>(now.milliseconds / 1000, year_2020) -
                                     year_2020)};
}

std::filesystem::path scratch_below(const std::filesystem::path& data) {
  return std::filesystem::absolute(data) / "scratch";
}

std::unique_ptr<edges::ChildRunner> start_runner(const std::filesystem::path& data) {
  auto runner = edges::ChildRunner::start(scratch_below(data));
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

NodeProcess::NodeProcess(Options options, Ports ports)
    : options_(std::move(options)),
      ports_(std::move(ports)),
      clock_(options_.clock != nullptr ? *options_.clock : machine_),
      runner_(start_runner(options_.data)),
      artifacts_(options_.data / "artifacts"),
      courier_(*runner_, artifacts_, scratch_below(options_.data)) {
  artifacts_.forget_unfinished();
  const auto directory = options_.data / "journal";
  auto opened = persistence::open_journal(directory, {options_.several_voters});
  if (!opened) {
    const bool readable = static_cast<bool>(persistence::JournalDirectory::look(directory));
    throw Failure(readable ? ExitCode::unavailable : ExitCode::usage, opened.reason());
  }
  auto [journal, report] = std::move(opened).value();
  if (!report.lost_promises.empty())
    throw Failure(ExitCode::unavailable,
                  report.lost_promises +
                      "; other queens may rely on what is lost. Move the directory away and start "
                      "again: it will ask them for what it promised");
  journal_ = options_.decorate_journal ? options_.decorate_journal(std::move(journal))
                                       : std::move(journal);
  torn_tail_ = report.torn_tail;
  is_new_ = journal_->tail().last_position == messages::Position{};
  check_ownership(*journal_, options_.starter, options_.data);
  recover();
  check_not_superseded(*journal_, recovered(messages::queen_role()), options_.data);
}

NodeProcess::~NodeProcess() {
  stop();
  runner_.reset();  // while there is somebody to tell of its children
}

/// At once: nothing more may be released.
void NodeProcess::end_now(const std::string& reason) const {
  say("queenright: {}\nqueenright: {}\n", reason, options_.way_on);
  _exit(number_of(ExitCode::unavailable));
}

void NodeProcess::recover() {
  auto recovery = persistence::recover(catalogue_, *journal_);
  if (const auto* failed = std::get_if<persistence::Unrecoverable>(&recovery))
    throw Failure(ExitCode::unavailable, failed->reason + hint_for(failed->why, options_.data));
  recovered_ = std::move(std::get<persistence::Recovered>(recovery).roles);
}

const messages::Role* NodeProcess::recovered(messages::RoleId role) const {
  const auto found = recovered_.find(role);
  return found == recovered_.end() ? nullptr : found->second.role.get();
}

void NodeProcess::prepare() {
  if (options_.starter.owner) persistence::note_owner(*journal_, *options_.starter.owner);
  if (is_new_ && !options_.may_be_new)
    persistence::continue_incarnations(*journal_, above_all_before(clock_.wall()));
  incarnation_ = persistence::next_incarnation(*journal_);
  retain();
  node_ = std::make_unique<host::Node>(host::Node::Ports{
      options_.node, catalogue_, *journal_, *this, clock_,
      [this](const std::string& reason) { end_now("the journal failed: " + reason); },
      [this] { watch_disk(); }});
  courier_.attach(*node_, messages::worker_role(),
                  [this](const std::string& reason) { end_now(reason); });
}

void NodeProcess::start(messages::Booted booted) {
  booted.incarnation = incarnation_;
  booted.seed = random_seed();
  booted.node = options_.node;
  started_ = true;
  node_->start(std::move(recovered_), booted);
}

/// Old blocks go; the runs in them are kept as slices.
void NodeProcess::retain() {
  const auto kept =
      drop_old_blocks(*journal_, options_.data,
                      {options_.keep_bytes, std::chrono::days{options_.keep_days}}, clock_.wall());
  if (!kept) throw Failure(ExitCode::unavailable, kept.reason());
}

/// Well before the disk is full the node drains, until there is room again.
void NodeProcess::watch_disk() {
  if (clock_.now() - disk_seen_ < look_at_disk_every) return;
  disk_seen_ = clock_.now();
  std::error_code unknown;
  const auto space = std::filesystem::space(options_.data, unknown);
  if (unknown) return;
  const auto low = std::min(low_disk_bytes, space.capacity / low_disk_share);
  const bool drains = space.available < (draining_ ? low + low / 4 : low);
  if (std::exchange(draining_, drains) == drains) return;
  messages::Drain drain;
  if (drains)
    drain = {"only " + std::to_string(space.available >> 20U) + " MiB are free in " +
                 options_.data.string() + "; nothing new is started",
             number_of(ExitCode::unavailable)};
  say("queenright: {}\n", drains ? drain.reason : "there is room on the disk again");
  node_->deliver(messages::queen_role(), {}, {}, drain);
  node_->deliver(messages::worker_role(), {}, {}, drain);
}

void NodeProcess::release(TraceId trace, Cause cause, Effect effect) {
  if (auto* send = std::get_if<messages::Send>(&effect.body))
    ports_.send(trace, cause, std::move(*send));
  else if (auto* spawn = std::get_if<messages::Spawn>(&effect.body))
    courier_.spawn(trace, cause, std::move(*spawn));
  else if (const auto* end = std::get_if<messages::EndChild>(&effect.body))
    courier_.end(*end);
  else if (const auto* sweep = std::get_if<messages::SweepCircuit>(&effect.body))
    courier_.sweep(*sweep);
  else if (const auto* stop = std::get_if<messages::StopNode>(&effect.body))
    ports_.stop(*stop);
}

void NodeProcess::stop() {
  if (!std::exchange(started_, false)) return;
  node_->stop();
  persistence::mark_clean_stop(*journal_);
  courier_.stop();
  runner_.reset();
}

}  // namespace queenright::program
