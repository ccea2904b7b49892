#include "sim/world/made_up_workers.hpp"

namespace queenright::sim {

messages::WorkerOffer made_up_offer(const Options& options, std::uint32_t number) {
  messages::WorkerOffer offer;
  offer.slots = options.slots;
  offer.time_to_live = options.time_to_live;
  const bool all = options.alike || number == 1;
  offer.capabilities = {"exec"};
  if (all || number % 2 == 1) offer.capabilities.emplace_back("gpu");
  offer.labels = {{"zone", all || number % 3 == 0 ? "a" : "b"}};
  offer.trust = all ? 2 : number % 3;
  offer.region = all || number % 2 == 0 ? "eu" : "us";
  return offer;
}

}  // namespace queenright::sim
