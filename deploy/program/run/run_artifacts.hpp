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
};

/// Brings one into the store, unless it is there. Refused: it can't be had.
using BringArtifact =
    std::function<messages::Result<bool>(const messages::Artifact&, edges::ArtifactStore&)>;

/// A list of "step", "path", "digest", "bytes" and "executable", from the run's report.
messages::Value artifacts_in(const messages::Value& report, const std::string& step);

/// Prints the list; with `into` each is copied there, under the name of its step. `kept` is where
/// they are kept, or can be while they are copied. Throws Failure.
void show_artifacts(const messages::Value& report, const ArtifactOptions& options, Format format,
                    edges::ArtifactStore& kept, const BringArtifact& bring);

}  // namespace queenright::program
