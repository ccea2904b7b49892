#include "deploy/program/verbs.hpp"

#include <memory>

#include "deploy/program/chaos/chaos.hpp"

namespace queenright::program {

void add_chaos_verbs(CLI::App& app, Verb& chosen) {
  const auto options = std::make_shared<ChaosOptions>();
  auto* chaos = app.add_subcommand("chaos", "faults against a hive of real processes at work");
  chaos->add_option("--duration", options->duration, "of faults: 60s, 1h")->capture_default_str();
  chaos->add_option("--faults", options->faults, "kinds, as kill,partition; all, or list")
      ->capture_default_str();
  chaos->add_option("--seed", options->seed, "draws the faults and the work")
      ->capture_default_str();
  chaos->add_option("--queens", options->queens)->check(CLI::Range(1, 16))->capture_default_str();
  chaos->add_option("--workers", options->workers)
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  chaos->add_option("--clients", options->clients, "who have plans done")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  chaos->add_option("--data", options->data, "a new directory for journals and logs");
  chaos->add_flag("--keep", options->keep, "the data, also when nothing was violated");
  add_output(*chaos, options->output);
  chaos->callback([options, &chosen] { chosen = [options] { return run_chaos(*options); }; });
}

}  // namespace queenright::program
