#include "actors/edges/artifact_courier.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "actors/edges/child.hpp"
#include "actors/edges/launch.hpp"
#include "actors/edges/runner_process.hpp"

namespace queenright::edges {

using messages::Artifact;
using messages::AttemptEnd;
using messages::ChildExited;
using messages::Spawn;

namespace {

constexpr std::size_t threads = 4;
constexpr std::size_t most_artifacts = 1000;

/// A file holds one of these values, wherever.
bool holds(const std::filesystem::path& file, const std::vector<std::string>& values) {
  std::size_t longest = 0;
  for (const auto& value : values) longest = std::max(longest, value.size());
  if (longest == 0) return false;
  std::ifstream in(file, std::ios::binary);
  std::string seen;
  std::string piece(artifact_piece, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    seen.append(piece, 0, static_cast<std::size_t>(in.gcount()));
    for (const auto& value : values)
      if (seen.find(value) != std::string::npos) return true;
    seen.erase(0, seen.size() - std::min(seen.size(), longest - 1));
  }
  return false;
}

std::vector<std::string> values_of_secrets(const messages::Exec& exec) {
  std::vector<std::string> values;
  if (const auto secrets = secret_values(exec.secrets))
    for (const auto& [name, value] : secrets.value()) values.push_back(value);
  return values;
}

}  // namespace

void ArtifactCourier::attach(messages::Inbox& inbox, messages::RoleId worker,
                             std::function<void(const std::string& reason)> died) {
  inbox_ = &inbox;
  worker_ = worker;
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  runner_.attach(*this, worker, std::move(died));
}

void ArtifactCourier::stop() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

void ArtifactCourier::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
      if (closing_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

void ArtifactCourier::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

std::filesystem::path ArtifactCourier::scratch_of(messages::CircuitId circuit) const {
  return scratch_base_ / std::to_string(circuit.value);
}

void ArtifactCourier::spawn(messages::TraceId trace, messages::Cause cause, Spawn spawn) {
  const bool finds = !spawn.exec.inputs.empty();
  if (!finds && spawn.exec.artifacts.empty()) return runner_.spawn(trace, cause, spawn);
  {
    Handled handled{trace, cause, {}, finds, false, false};
    handled.exec.cwd = spawn.exec.cwd;
    handled.exec.artifacts = spawn.exec.artifacts;
    handled.exec.secrets = spawn.exec.secrets;
    const std::lock_guard lock(mutex_);
    if (!handled_.try_emplace(spawn.attempt, std::move(handled)).second) return;
  }
  if (!finds) return runner_.spawn(trace, cause, spawn);
  post([this, spawn = std::move(spawn)] { bring(spawn); });
}

void ArtifactCourier::end(const messages::EndChild& end) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = handled_.find(end.attempt);
    if (found != handled_.end() && found->second.waits_for_files) {
      found->second.ended = true;
      return;
    }
  }
  runner_.end(end);
}

/// Who waits for files does so in vain; the directory that these make is swept after them.
void ArtifactCourier::sweep(const messages::SweepCircuit& sweep) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [attempt, handled] : handled_)
      if (attempt.circuit == sweep.circuit && handled.waits_for_files)
        handled.ended = handled.swept = true;
  }
  runner_.sweep(sweep);
}

void ArtifactCourier::bring(const Spawn& spawn) {
  auto [refusal, nobody_has_it] = put_files(spawn);
  Handled handled;
  {
    const std::lock_guard lock(mutex_);
    auto& known = handled_.at(spawn.attempt);
    known.waits_for_files = false;
    if (refusal.empty() && known.ended) refusal = "ended before it had begun";
    handled = known;
    if (!refusal.empty()) handled_.erase(spawn.attempt);
  }
  if (handled.swept) runner_.sweep({spawn.attempt.circuit});
  if (refusal.empty()) return runner_.spawn(handled.trace, handled.cause, spawn);
  ChildExited exited;
  exited.told_to_end = handled.ended;
  exited.attempt = spawn.attempt;
  exited.outcome.end = AttemptEnd::not_started;
  exited.outcome.reason = std::move(refusal);
  exited.outcome.worker_failed = nobody_has_it;  // that was reached from here
  exited.outcome.started = exited.outcome.ended = wall_now();
  inbox_->deliver(worker_, handled.trace, handled.cause, std::move(exited));
}

ArtifactCourier::Put ArtifactCourier::put_files(const Spawn& spawn) {
  const auto directory = directory_for(spawn.exec, scratch_of(spawn.attempt.circuit));
  if (!directory) return {directory.reason(), false};
  for (const auto& artifact : spawn.exec.inputs) {
    if (is_unwanted(spawn.attempt)) return {};
    if (!store_.has(artifact.digest) && elsewhere_.fetch) {
      const auto fetched = elsewhere_.fetch(artifact);
      if (!fetched) return {"artifact " + artifact.path + ": " + fetched.reason(), true};
    }
    const auto placed = store_.place(artifact, directory.value());
    if (!placed) return {placed.reason(), false};
  }
  return {};
}

bool ArtifactCourier::is_unwanted(const messages::AttemptId& attempt) {
  const std::lock_guard lock(mutex_);
  return handled_.at(attempt).ended;
}

void ArtifactCourier::deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
                              messages::Input::Body body) {
  if (auto* exited = std::get_if<ChildExited>(&body)) {
    std::unique_lock lock(mutex_);
    const auto found = handled_.find(exited->attempt);
    const bool succeeded = went_well(exited->outcome);
    if (found != handled_.end() && succeeded && !found->second.exec.artifacts.empty()) {
      lock.unlock();
      return post([this, exited = std::move(*exited)]() mutable { take(std::move(exited)); });
    }
    if (found != handled_.end()) handled_.erase(found);
    lock.unlock();
    if (exited->outcome.output_cut)
      return post([this, trace, cause, exited = std::move(*exited)]() mutable {
        take_output(exited);
        inbox_->deliver(worker_, trace, cause, std::move(exited));
      });
  }
  inbox_->deliver(to, trace, cause, std::move(body));
}

void ArtifactCourier::take(ChildExited exited) {
  Handled handled;
  {
    const std::lock_guard lock(mutex_);
    handled = handled_.at(exited.attempt);
  }
  if (exited.outcome.output_cut) take_output(exited);
  exited.outcome.reason = take_files(exited.attempt, handled.exec, exited.outcome.artifacts);
  if (!exited.outcome.reason.empty()) exited.outcome.artifacts.clear();
  {
    const std::lock_guard lock(mutex_);
    handled_.erase(exited.attempt);
  }
  inbox_->deliver(worker_, handled.trace, handled.cause, std::move(exited));
}

/// What is more than the journal keeps. The start of it stands for it where that does not succeed.
void ArtifactCourier::take_output(ChildExited& exited) {
  const auto file = output_file(scratch_base_, exited.attempt);
  const auto output = store_.keep(file, "output");
  exited.outcome.output_kept =
      output && output.value().digest == exited.outcome.output_digest &&
      (!elsewhere_.hand_on || static_cast<bool>(elsewhere_.hand_on(output.value())));
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  std::filesystem::remove(file.parent_path(), ignored);  // unless there are others
}

/// Why they can't be taken; empty: they were.
std::string ArtifactCourier::take_files(const messages::AttemptId& attempt,
                                        const messages::Exec& exec, std::vector<Artifact>& taken) {
  const auto directory = directory_for(exec, scratch_of(attempt.circuit));
  if (!directory) return directory.reason();
  const auto files = files_matching(directory.value(), exec.artifacts);
  if (!files) return "artifacts: " + files.reason();
  if (files.value().size() > most_artifacts)
    return "artifacts: there are " + std::to_string(files.value().size()) + " files, at most " +
           std::to_string(most_artifacts) + " are kept";
  const auto secrets = values_of_secrets(exec);
  for (const auto& file : files.value()) {
    if (std::any_of(secrets.begin(), secrets.end(), [&](const std::string& value) {
          return file.find(value) != std::string::npos;
        }))
      return "the name of an artifact holds the value of a secret";
    if (holds(directory.value() / file, secrets))
      return "artifact " + file + " holds the value of a secret";
    auto artifact = store_.keep(directory.value() / file, file);
    if (!artifact) return artifact.reason();
    if (elsewhere_.hand_on) {
      const auto handed_on = elsewhere_.hand_on(artifact.value());
      if (!handed_on) return "artifact " + file + ": " + handed_on.reason();
    }
    taken.push_back(std::move(artifact).value());
  }
  return {};
}

}  // namespace queenright::edges
