#pragma once

#include "deploy/program/document/values.hpp"
#include "messages/worker.hpp"

namespace queenright::program {

/// `worker` of a step: who may run it.
messages::WorkerNeed read_worker_need(const YamlNode& node, Problems& problems);

}  // namespace queenright::program
