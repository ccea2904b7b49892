#pragma once

#include "messages/worker.hpp"
#include "sim/world/options.hpp"

namespace queenright::sim {

/// What the worker with this number, from 1, offers. Where workers are not alike the first offers
/// all that made-up plans need, and each other one lacks something.
messages::WorkerOffer made_up_offer(const Options& options, std::uint32_t number);

}  // namespace queenright::sim
