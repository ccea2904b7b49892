#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "deploy/program/failure.hpp"

/// The command line's verbs: each folder adds its own.
namespace queenright::program {

/// What the command line asks for.
using Verb = std::function<ExitCode()>;

/// Adds a folder's verbs. When the command line is parsed, that which it names becomes `chosen`;
/// what options are read into lives as long as `app` and `chosen`.
void add_run_verbs(CLI::App& app, Verb& chosen);         // run/
void add_plan_verbs(CLI::App& app, Verb& chosen);        // plan/
void add_look_verbs(CLI::App& app, Verb& chosen);        // look/
void add_simulate_verbs(CLI::App& app, Verb& chosen);    // simulate/
void add_node_verbs(CLI::App& app, Verb& chosen);        // node/
void add_keys_verbs(CLI::App& app, Verb& chosen);        // keys/
void add_dev_verbs(CLI::App& app, Verb& chosen);         // dev/
void add_chaos_verbs(CLI::App& app, Verb& chosen);       // chaos/
void add_hive_verbs(CLI::App& app, Verb& chosen);        // hive/
void add_preference_verbs(CLI::App& app, Verb& chosen);  // preferences/
void add_help_verbs(CLI::App& app, Verb& chosen);        // help/, after all others

/// `--data`, of verbs about an embedded hive.
void add_data(CLI::App& verb, std::filesystem::path& data);

/// `-o`.
void add_output(CLI::App& verb, std::string& output);

}  // namespace queenright::program
