#include "deploy/program/verbs.hpp"

#include <memory>

#include "deploy/program/keys/keys_new.hpp"
#include "deploy/program/keys/keys_show.hpp"

namespace queenright::program {
namespace {

struct Arguments {
  KeysNewOptions made;
  std::string file;
  std::string output;
};

}  // namespace

void add_keys_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* keys = app.add_subcommand("keys", "keys and files of a hive");
  keys->require_subcommand(1);
  auto& options = arguments->made;
  auto* made = keys->add_subcommand("new", "make them for a new hive");
  made->add_option("HIVE", options.hive, "its name")->required();
  made->add_option("--node", options.nodes,
                   "NAME:queen@HOST[:PORT] or NAME:worker; one to 16 are queens (clients get the "
                   "port after PORT)")
      ->required()
      ->allow_extra_args(false);
  made->add_option("--client", options.clients, "a client's name; 'operator' when there is none")
      ->allow_extra_args(false);
  made->add_option("--dir", options.directory, "where to, missing or empty; ./HIVE");
  made->add_flag("--dry-run", options.dry_run, "only tell which files it would make");
  add_output(*made, options.output);
  made->callback(
      [arguments, &chosen] { chosen = [arguments] { return make_keys(arguments->made); }; });
  auto* show = keys->add_subcommand("show", "what a file of them is, never its secret");
  show->add_option("FILE", arguments->file, "a hive's, node's or client's file, or a secret key")
      ->required();
  add_output(*show, arguments->output);
  show->callback([arguments, &chosen] {
    chosen = [arguments] { return show_keys(arguments->file, arguments->output); };
  });
}

}  // namespace queenright::program
