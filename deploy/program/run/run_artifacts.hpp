#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "actors/edges/artifact_store.hpp"
#include "deploy/program/formats.hpp"

/// The files that the tasks of a run have made.
namespace queenright::program {

struct ArtifactOptions {
  std::string step;            ///< of this one only; empty: of all
  std::filesystem::path into;  ///< where they are copied to; empty: they are only listed
  bool dry_run = false;        ///< only says what would be copied
};

/// Brings one into the store, unless it is there. Refused: it can't be had.
using BringArtifact =
    std::function<messages::Result<bool>(const messages::Artifact&, edges::ArtifactStore&)>;

/// A list of "step", "path", "digest", "bytes" and "executable", from the run's report. Throws
/// Failure: it has no such step.
messages::Value artifacts_in(const messages::Value& report, const std::string& step);

/// The list; their names are their paths, with the step before one that several steps have.
std::string artifacts_text(const messages::Value& artifacts, Format format);

/// Whether they are to be copied now, into a directory that is there then; otherwise they were
/// listed, or what would be copied was said. Throws Failure: something stands in the way.
bool are_to_be_copied(const messages::Value& artifacts, const ArtifactOptions& options,
                      const std::string& output);

/// Each is copied into this directory, under the name of its step. `kept` is where they are kept,
/// or can be while they are copied. Throws Failure.
void copy_artifacts(const messages::Value& artifacts, const std::filesystem::path& into,
                    edges::ArtifactStore& kept, const BringArtifact& bring);

}  // namespace queenright::program
