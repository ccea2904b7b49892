#include "deploy/program/run/run_artifacts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "actors/edges/captured_output.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::Artifact;
using messages::Value;

namespace {

constexpr std::int64_t kept_of_output = edges::CapturedOutput::kept_bytes;

Artifact artifact_of(const Value::Map& listed) {
  return {*listed.at("path").text(), *listed.at("digest").text(),
          static_cast<std::uint64_t>(*listed.at("bytes").integer()),
          *listed.at("executable").boolean()};
}

/// Of a task whose output is more than its report has.
std::optional<Value::Map> whole_output(const Value::Map& task, bool fans_out) {
  const auto& attempts = *task.at("attempts").list();
  if (attempts.empty() || !attempts.back().map()->contains("output_cut")) return std::nullopt;
  const auto& last = *attempts.back().map();
  if (*last.at("output_bytes").integer() <= kept_of_output) return std::nullopt;
  return Value::Map{
      {"path", fans_out ? fmt::format("output-{}", *task.at("element").integer()) : "output"},
      {"digest", last.at("output_digest")},
      {"bytes", last.at("output_bytes")},
      {"executable", false}};
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
      if (auto output = whole_output(*task.map(), *told.at("fans_out").boolean()))
        add(std::move(*output));
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
