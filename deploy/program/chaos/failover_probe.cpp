#include "deploy/program/chaos/failover_probe.hpp"

#include "deploy/program/failure.hpp"
#include "deploy/program/hive/hive_view.hpp"
#include "deploy/program/random_key.hpp"

namespace queenright::program {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds patience_to_connect{2000};
constexpr milliseconds patience{60'000};

}  // namespace

FailoverProbe::FailoverProbe(const HiveAccess& access) : hive_(access, true) {
  hive_.client().give_up_after(patience_to_connect);
  root_ = root_of(hive_);
  hive_.client().give_up_after(patience);
}

void FailoverProbe::begin(messages::NodeId queen) {
  const auto began = steady_clock::now();
  took_ = std::async(std::launch::async, [this, queen, began]() -> std::optional<milliseconds> {
    try {
      hive_.client().ask(
          {messages::hive_circuit, {"undrain/" + random_key(), 0}, messages::UndrainNode{queen}});
    } catch (const Failure&) {
      return std::nullopt;
    }
    return std::chrono::ceil<milliseconds>(steady_clock::now() - began);
  });
}

bool FailoverProbe::is_over() const {
  return !took_.valid() || took_.wait_for(milliseconds{}) == std::future_status::ready;
}

}  // namespace queenright::program
