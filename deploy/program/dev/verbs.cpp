#include "deploy/program/verbs.hpp"

#include <memory>

#include "deploy/program/dev/dev.hpp"
#include "deploy/program/hint.hpp"

namespace queenright::program {

void add_dev_verbs(CLI::App& app, Verb& chosen) {
  const auto options = std::make_shared<DevOptions>();
  options->data = default_data() / "dev";
  auto* dev = app.add_subcommand("dev", "a hive of real processes on this machine");
  add_data(*dev, options->data);
  dev->add_option("--queens", options->queens, "of a new hive [3]")->check(CLI::Range(1, 16));
  dev->add_option("--workers", options->workers, "of a new hive [2]")->check(CLI::Range(0, 100));
  dev->add_flag("!--no-demo", options->demo, "don't run a demo");
  add_output(*dev, options->output);
  dev->callback([options, &chosen] { chosen = [options] { return run_dev(*options); }; });
}

}  // namespace queenright::program
