#include "deploy/program/run/run_artifacts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <vector>

#include "deploy/program/columns.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/say.hpp"
#include "messages/near_name.hpp"

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

std::string table_of(const Value::List& artifacts) {
  if (artifacts.empty()) return "no artifacts\n";
  std::string text;
  for (const auto& one : artifacts) {
    const auto& artifact = *one.map();
    const auto path = printable(*artifact.at("step").text() + "/" + *artifact.at("path").text());
    const auto about = fmt::format("  {} bytes  {:.19}...\n", *artifact.at("bytes").integer(),
                                   *artifact.at("digest").text());
    text += cell(path, 0, std::min(path.size(), widest - about.size())) + about;
  }
  return text;
}

Value names_of(const Value::List& artifacts) {
  std::map<std::string, int> steps;
  for (const auto& one : artifacts) ++steps[*one.map()->at("path").text()];
  Value::List names;
  for (const auto& one : artifacts) {
    const auto& path = *one.map()->at("path").text();
    names.emplace_back(steps[path] == 1 ? path : *one.map()->at("step").text() + ":" + path);
  }
  return names;
}

std::string files_of(const Value& artifacts) {
  const auto count = artifacts.list()->size();
  return fmt::format("{} file{}", count, count == 1 ? "" : "s");
}

/// The directory below which its path is.
std::filesystem::path place_of(const Value::Map& listed, const std::filesystem::path& into) {
  return into / *listed.at("step").text();
}

/// What somebody has there is his.
void require_nothing_there(const Value& artifacts, const std::filesystem::path& into) {
  for (const auto& one : *artifacts.list()) {
    const auto file = place_of(*one.map(), into) / *one.map()->at("path").text();
    std::error_code none;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, none)))
      throw Failure(ExitCode::usage, printable(file.string()) +
                                         " is there already: nothing was copied. Give another "
                                         "directory, or take it away");
  }
}

void require_directory(const std::filesystem::path& into) {
  std::error_code error;
  std::filesystem::create_directories(into, error);
  if (error)
    throw Failure(ExitCode::usage,
                  "--into: no directory " + into.string() + ": " + error.message());
}

void require_step(const Value::List& steps, const std::string& wanted) {
  std::vector<std::string_view> ids;
  for (const auto& step : steps) ids.emplace_back(*step.map()->at("id").text());
  if (std::find(ids.begin(), ids.end(), wanted) == ids.end())
    throw Failure(ExitCode::usage, fmt::format("the run has no step '{}'{}", wanted,
                                               messages::did_you_mean(wanted, ids)));
}

}  // namespace

Value artifacts_in(const Value& report, const std::string& step) {
  Value::List found;
  const auto& steps = *report.map()->at("steps").list();
  if (!step.empty()) require_step(steps, step);
  for (const auto& one : steps) {
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

std::string artifacts_text(const Value& artifacts, Format format) {
  const auto& list = *artifacts.list();
  if (format == Format::human) return table_of(list);
  return formatted(format == Format::name ? names_of(list) : artifacts, format);
}

bool are_to_be_copied(const Value& artifacts, const ArtifactOptions& options,
                      const std::string& output) {
  if (options.into.empty()) {
    fmt::print("{}", artifacts_text(artifacts, format_of(output)));
    return false;
  }
  require_nothing_there(artifacts, options.into);
  if (options.dry_run) {
    say("queenright: it would copy {} into {}\n", files_of(artifacts), options.into.string());
    return false;
  }
  require_directory(options.into);
  return true;
}

void copy_artifacts(const Value& artifacts, const std::filesystem::path& into,
                    edges::ArtifactStore& kept, const BringArtifact& bring) {
  for (const auto& listed : *artifacts.list()) {
    const auto artifact = artifact_of(*listed.map());
    auto done = kept.has(artifact.digest) ? messages::Result<bool>(true) : bring(artifact, kept);
    if (done) done = kept.place(artifact, place_of(*listed.map(), into));
    if (!done) throw Failure(ExitCode::not_found, done.reason());
  }
  say("queenright: {} in {}\n", files_of(artifacts), into.string());
}

}  // namespace queenright::program
