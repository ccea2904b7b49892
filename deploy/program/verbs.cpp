#include "deploy/program/verbs.hpp"

namespace queenright::program {

void add_data(CLI::App& verb, std::filesystem::path& data) {
  verb.add_option("--data", data, "the hive's directory; also by QUEENRIGHT_DATA")
      ->check([](const std::string& path) { return path.empty() ? "it is empty" : ""; })
      ->capture_default_str();
}

void add_output(CLI::App& verb, std::string& output) {
  verb.add_option("-o,--output", output,
                  "human, json, yaml, jsonl or name; human on a terminal, json elsewhere")
      ->check(CLI::IsMember({"human", "json", "yaml", "jsonl", "name"}));
}

}  // namespace queenright::program
