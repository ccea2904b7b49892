#include "deploy/program/run/run_artifacts.hpp"

#include <fmt/format.h>

#include "deploy/program/failure.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::Artifact;
using messages::Value;

namespace {

Artifact artifact_of(const Value::Map& listed) {
  return {*listed.at("path").text(), *listed.at("digest").text(),
          static_cast<std::uint64_t>(*listed.at("bytes").integer()),
          *listed.at("executable").boolean()};
}

/// Output of a task that is more than its report has; of attempts before the last one, too.
std::vector<Value::Map> whole_outputs(const Value::Map& task, bool fans_out) {
  std::vector<Value::Map> found;
  const auto& attempts = *task.at("attempts").list();
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const auto& attempt = *attempts[i].map();
    if (!attempt.contains("output_kept")) continue;
    std::string path = "output";
    if (fans_out) path += fmt::format("-{}", *task.at("element").integer());
    if (i + 1 < attempts.size()) path += fmt::format("-attempt-{}", i + 1);
    found.push_back({{"path", std::move(path)},
                     {"digest", attempt.at("output_digest")},
                     {"bytes", attempt.at("output_bytes")},
                     {"executable", false}});
  }
  return found;
}

std::string artifacts_text(const Value& artifacts) {
  if (artifacts.list()->empty()) return "no artifacts\n";
  std::string text;
  for (const auto& one : *artifacts.list()) {
    const auto& artifact = *one.map();
    text += fmt::format("{}/{}  {} bytes  {:.19}...\n", *artifact.at("step").text(),
                        *artifact.at("path").text(), *artifact.at("bytes").integer(),
                        *artifact.at("digest").text());
  }
  return text;
}

}  // namespace

Value artifacts_in(const Value& report, const std::string& step) {
  Value::List found;
  for (const auto& one : *report.map()->at("steps").list()) {
    const auto& told = *one.map();
    if (!step.empty() && *told.at("id").text() != step) continue;
    const auto add = [&](Value::Map artifact) {
      artifact["step"] = told.at("id");
      found.emplace_back(std::move(artifact));
    };
    if (const auto artifacts = told.find("artifacts"); artifacts != told.end())
      for (const auto& artifact : *artifacts->second.list()) add(*artifact.map());
    for (const auto& task : *told.at("tasks").list())
      for (auto& output : whole_outputs(*task.map(), *told.at("fans_out").boolean()))
        add(std::move(output));
  }
  return found;
}

void show_artifacts(const Value& report, const ArtifactOptions& options, Format format,
                    edges::ArtifactStore& kept, const BringArtifact& bring) {
  const auto artifacts = artifacts_in(report, options.step);
  if (options.into.empty()) {
    fmt::print("{}",
               format == Format::human ? artifacts_text(artifacts) : formatted(artifacts, format));
    return;
  }
  for (const auto& listed : *artifacts.list()) {
    const auto artifact = artifact_of(*listed.map());
    auto done = kept.has(artifact.digest) ? messages::Result<bool>(true) : bring(artifact, kept);
    if (done) done = kept.place(artifact, options.into / *listed.map()->at("step").text());
    if (!done) throw Failure(ExitCode::not_found, done.reason());
  }
  say("queenright: {} file{} in {}\n", artifacts.list()->size(),
      artifacts.list()->size() == 1 ? "" : "s", options.into.string());
}

}  // namespace queenright::program
