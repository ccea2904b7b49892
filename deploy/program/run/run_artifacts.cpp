#include "deploy/program/run/run_artifacts.hpp"

#include <fmt/format.h>

#include <algorithm>

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
    const auto artifacts = told.find("artifacts");
    if (artifacts == told.end() || (!step.empty() && *told.at("id").text() != step)) continue;
    for (const auto& artifact : *artifacts->second.list()) {
      auto listed = *artifact.map();
      listed["step"] = told.at("id");
      found.emplace_back(std::move(listed));
    }
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
