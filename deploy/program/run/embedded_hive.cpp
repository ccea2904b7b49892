#include "deploy/program/run/embedded_hive.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "deploy/program/failure.hpp"
#include "deploy/program/hint.hpp"

namespace queenright::program {

using messages::CircuitId;

namespace {

std::uint32_t default_slots() { return std::max(4U, 2 * std::thread::hardware_concurrency()); }

/// A directory of `dev` has a hive of several nodes in it, and a hive within a hive is a mistake.
void refuse_other_hives(const std::filesystem::path& data) {
  if (std::filesystem::exists(data / "hive" / "hive.yaml"))
    throw Failure(ExitCode::usage, data.string() +
                                       " is the directory of a hive of several nodes: "
                                       "name it with --hive instead of --data");
}

NodeProcess::Options process_options(HiveOptions options) {
  refuse_other_hives(options.data);
  NodeProcess::Options made;
  made.data = std::move(options.data);
  made.node = own_node;
  made.keep_bytes = options.keep_bytes;
  made.keep_days = options.keep_days;
  made.decorate_journal = std::move(options.decorate_journal);
  made.way_on = "nothing that was acknowledged is lost; once this is mended, '" +
                command_line("runs resume --all", made.data) + "' goes on";
  return made;
}

}  // namespace

messages::WorkerOffer worker_offer(const HiveOptions& options) {
  messages::WorkerOffer offer;
  offer.slots = options.slots != 0 ? options.slots : default_slots();
  offer.capabilities = {"exec"};
  return offer;
}

EmbeddedHive::EmbeddedHive(HiveOptions options)
    : offer_(worker_offer(options)),
      process_(process_options(std::move(options)),
               {[this](messages::TraceId, const messages::Cause&, messages::Send send) {
                  client_.take(std::move(send.items));
                },
                [this](const messages::StopNode& stop) { client_.happen(stop); }}),
      client_([this](const Client::Said& said) {
        process_.node().deliver(
            messages::queen_role(), said.trace, {},
            messages::Envelope{{own_node, {messages::RoleKind::client, 1}}, said.items});
      }) {
  const auto* hive = process_.recovered(messages::circuit_role(messages::hive_circuit));
  if (hive != nullptr) hive_ = dynamic_cast<const roles::Hive&>(*hive).state();
  for (const auto& [circuit, record] : open_runs()) {
    const auto* run = process_.recovered(messages::circuit_role(circuit));
    entries_[circuit] = run == nullptr
                            ? messages::LogIndex{}
                            : dynamic_cast<const roles::ReplicatedRole&>(*run).progress().applied;
  }
}

EmbeddedHive::~EmbeddedHive() { stop(); }

std::vector<std::pair<CircuitId, roles::RunRecord>> EmbeddedHive::open_runs() const {
  std::vector<std::pair<CircuitId, roles::RunRecord>> open;
  for (const auto& [circuit, record] : hive_.runs)
    if (!messages::is_over(record.status)) open.emplace_back(circuit, record);
  return open;
}

void EmbeddedHive::start(std::vector<CircuitId> held, WorkerDoes worker) {
  messages::Booted booted;
  booted.timing = messages::usual_timing;
  booted.queens = {own_node};
  booted.worker = offer_;
  booted.held = std::move(held);
  booted.worker_waits = worker == WorkerDoes::wait;
  process_.prepare();
  process_.start(booted);
}

}  // namespace queenright::program
