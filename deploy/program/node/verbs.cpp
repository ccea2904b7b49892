#include "deploy/program/verbs.hpp"

#include <memory>
#include <optional>

#include "deploy/program/node/check_node.hpp"
#include "deploy/program/node/run_node.hpp"

namespace queenright::program {
namespace {

struct Arguments {
  std::string file;
  bool check = false;
  FirstStart first_start;
  std::optional<int> fault_line;
  std::string output;
};

}  // namespace

void add_node_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* node = app.add_subcommand("node", "one node of a hive");
  node->add_option("--config", arguments->file, "the node's file")->required();
  node->add_flag("--check", arguments->check,
                 "tell what it is, or all that is wrong with its configuration");
  node->add_flag("--found", arguments->first_start.founding,
                 "the hive has never run: an empty journal is none that was lost");
  node->add_option("--survivors", arguments->first_start.survivors,
                   "a majority of the queens is lost for good: those who have their journals")
      ->delimiter(',');
  node->add_option("--fault-line", arguments->fault_line)->group("");  // not for people
  add_output(*node, arguments->output);
  node->callback([arguments, &chosen] {
    chosen = [arguments] {
      return arguments->check
                 ? check_node(arguments->file, arguments->output)
                 : run_node(arguments->file, arguments->first_start, arguments->fault_line);
    };
  });
}

}  // namespace queenright::program
