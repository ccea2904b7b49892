#include "deploy/program/client/hive_mode.hpp"

#include "deploy/program/columns.hpp"
#include "deploy/program/random_key.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

using messages::Value;

Value hive_as_known(RemoteHive& hive) {
  return hive.client().ask(messages::Read{messages::hive_circuit, {random_key(), 0}, true}).value;
}

Value mode_of(RemoteHive& hive) {
  const Value known = hive_as_known(hive);
  const auto* summary = known.map();
  return summary != nullptr && summary->contains("mode") ? summary->at("mode") : Value("normal");
}

void tell_mode(RemoteHive& hive) {
  const auto looked = hive.client().ask(
      messages::Inspect{{random_key(), 0}, messages::Inspected::circuit, messages::hive_circuit});
  if (const auto* seen = looked.value.map(); seen != nullptr && *seen->at("degraded").boolean())
    say("queenright: this queen reaches no majority: nothing new is taken until she does\n");
  const Value known = hive_as_known(hive);
  const auto* summary = known.map();
  if (summary == nullptr) return;
  const auto& mode = *summary->at("mode").text();
  if (mode == "normal") return;
  const auto what =
      mode == "safe" ? "in safe mode: nothing new is started" : "draining: it takes no new runs";
  say("{}{} ends it\n",
      folded(
          fmt::format("queenright: the hive is {} ({})", what, *summary->at("mode_reason").text()),
          ""),
      *summary->at("mode_ends_by").text());
}

}  // namespace queenright::program
