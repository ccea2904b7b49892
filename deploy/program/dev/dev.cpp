#include "deploy/program/dev/dev.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <thread>

#include "deploy/program/dev/node_processes.hpp"
#include "deploy/program/formats.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/hive/hive_view.hpp"
#include "deploy/program/run/remote_run.hpp"
#include "deploy/program/say.hpp"
#include "deploy/program/signals.hpp"

namespace queenright::program {

using messages::Value;
using std::chrono::steady_clock;

namespace {

constexpr auto look_every = std::chrono::milliseconds{20};
constexpr auto start_again_after = std::chrono::seconds{1};
constexpr auto watch_closely = std::chrono::seconds{5};
constexpr auto look_now_and_then = std::chrono::seconds{1};

constexpr const char* demo_plan = R"(plan: demo
description: Three steps, the second one for each of eight elements at once
steps:
  - id: first
    exec: [echo, hello]
  - id: each
    needs: [first]
    foreach: ${{ [1, 2, 3, 4, 5, 6, 7, 8] }}
    idempotent: true
    exec: [sh, -c, 'sleep 0.1; echo $((N * N))']
    env: {N: "${{ item }}"}
  - id: last
    needs: [each]
    exec: [echo, "${{ join(steps.each.outputs, ' ') }}"]
)";

/// While it is there, `--hive ADDRESS` finds the client's keys.
class KnownHive {
 public:
  explicit KnownHive(const std::filesystem::path& client_file)
      : file_(known_hives() / fmt::format("dev-{}.client.yaml", getpid())) {
    std::filesystem::create_directories(known_hives());
    std::filesystem::copy_file(client_file, file_,
                               std::filesystem::copy_options::overwrite_existing);
  }
  ~KnownHive() {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }
  KnownHive(const KnownHive&) = delete;
  KnownHive& operator=(const KnownHive&) = delete;

 private:
  const std::filesystem::path file_;
};

const Member& first_queen(const HiveMembers& members) {
  for (const auto& node : members.nodes)
    if (node.kind == MemberKind::queen) return node;
  throw Failure(ExitCode::usage, "the hive has no queen");
}

Value description(const LocalHive& hive, const NodeProcesses& processes) {
  Value::List nodes;
  for (const auto& node : hive.members.nodes)
    nodes.push_back(
        Value::Map{{"id", std::int64_t{node.id.value}},
                   {"name", node.name},
                   {"kind", std::string(name_of(node.kind))},
                   {"pid", std::int64_t{processes.process_of(node.name)}},
                   {"address", node.clients ? Value(text_of(*node.clients)) : Value()}});
  return Value::Map{{"hive", text_of(*first_queen(hive.members).clients)},
                    {"client_keys", hive.client_file.string()},
                    {"nodes", std::move(nodes)}};
}

void tell(const LocalHive& hive, const NodeProcesses& processes) {
  fmt::print("{:<10} {:>6}  {:<8} {}\n", "NODE", "PID", "KIND", "FOR CLIENTS");
  for (const auto& node : hive.members.nodes)
    fmt::print("{:<10} {:>6}  {:<8} {}\n", node.name, processes.process_of(node.name),
               name_of(node.kind), node.clients ? text_of(*node.clients) : "");
}

std::string name_of_node(const LocalHive& hive, messages::NodeId id) {
  for (const auto& node : hive.members.nodes)
    if (node.id == id) return node.name;
  return std::to_string(id.value);
}

void require_as_many(const LocalHive& hive, MemberKind kind, std::optional<std::size_t> wanted) {
  const auto has = hive.members.count(kind);
  if (wanted.value_or(has) == has) return;
  throw Failure(ExitCode::usage,
                fmt::format("the hive in {} has {} {}s, not {}; '--data DIR' makes another one",
                            hive.directory.string(), has, name_of(kind), *wanted));
}

/// The demo's plan stays, to be run again.
void run_demo(const LocalHive& hive, const HiveAccess& access) {
  const auto file = hive.directory / "demo.yaml";
  std::ofstream(file) << demo_plan;
  fmt::print("\n$ queenright run {} --hive {}\n", file.string(), access.hive);
  std::fflush(stdout);
  run_plan_on_hive(file, {access, {}, {}, "human", true});
}

/// Starts again what ends by itself, and says who leads then.
class Watch {
 public:
  Watch(const LocalHive& hive, NodeProcesses& processes, const HiveAccess& access, bool human)
      : hive_(hive), processes_(processes), view_(access, true), human_(human) {}

  RemoteHive& view() { return view_; }

  void until(const std::atomic<bool>& stopping) {
    while (!stopping) {
      for (const auto& ended : processes_.take_ended()) {
        say("queenright: {} {}; it is started again\n", ended.node, ended.how);
        down_[ended.node] = lost_at_ = steady_clock::now();
        root_lost_ = root_lost_ || (root_ && name_of_node(hive_, *root_) == ended.node);
      }
      start_again();
      if (human_ && some_queen_is_up()) look_for_root();
      std::this_thread::sleep_for(look_every);
    }
  }

  void tell_of_root() {
    std::optional<messages::NodeId> root;
    try {
      root = root_of(view_);
    } catch (const Failure&) {  // no queen answers
    }
    if (!root || root == root_) return;
    const auto took = steady_clock::now() - lost_at_;
    if (!root_)
      fmt::print("{} leads the hive circuit\n", name_of_node(hive_, *root));
    else if (std::exchange(root_lost_, false))
      say("queenright: {} leads the hive circuit, {} ms later\n", name_of_node(hive_, *root),
          std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    else
      say("queenright: {} leads the hive circuit now\n", name_of_node(hive_, *root));
    root_ = root;
  }

 private:
  void start_again() {
    for (auto one = down_.begin(); one != down_.end();) {
      const bool waits = steady_clock::now() - one->second < start_again_after;
      if (!waits) {
        processes_.start_again(one->first);
        say("queenright: {} is process {} now\n", one->first, processes_.process_of(one->first));
      }
      one = waits ? std::next(one) : down_.erase(one);
    }
  }

  bool some_queen_is_up() const {
    const auto& nodes = hive_.members.nodes;
    return std::any_of(nodes.begin(), nodes.end(), [this](const Member& node) {
      return node.kind == MemberKind::queen && !down_.contains(node.name);
    });
  }

  /// Soon after one has ended, else now and then: roots are also handed over.
  void look_for_root() {
    const auto now = steady_clock::now();
    if (now - lost_at_ > watch_closely && now - looked_at_ < look_now_and_then) return;
    looked_at_ = now;
    tell_of_root();
  }

  const LocalHive& hive_;
  NodeProcesses& processes_;
  RemoteHive view_;
  const bool human_;
  std::optional<messages::NodeId> root_;
  std::map<std::string, steady_clock::time_point> down_;
  steady_clock::time_point lost_at_;
  steady_clock::time_point looked_at_;
  bool root_lost_ = false;  ///< and no other one is known so far
};

}  // namespace

ExitCode run_dev(const DevOptions& options) {
  const auto began = steady_clock::now();
  const LocalHive hive =
      local_hive(options.data, options.queens.value_or(3), options.workers.value_or(2));
  require_as_many(hive, MemberKind::queen, options.queens);
  require_as_many(hive, MemberKind::worker, options.workers);
  const Signals::Blocked blocked;
  NodeProcesses processes(hive);
  processes.wait_until_ready();
  const HiveAccess access{hive.directory.string(), {}};
  const KnownHive known(hive.client_file);
  const bool human = format_of(options.output) == Format::human;
  Watch watch(hive, processes, access, human);
  workers_of(watch.view());  // answered: the hive has a root
  const auto took = std::chrono::duration<double>(steady_clock::now() - began).count();
  std::atomic<bool> stopping{false};
  const Signals signals([&](int) { stopping = true; });
  if (human) {
    tell(hive, processes);
    fmt::print("\nready after {:.2f} s; stop it with ctrl-c. Logs and journals are in {}\n", took,
               hive.directory.string());
    watch.tell_of_root();
    if (options.demo) run_demo(hive, access);
  } else {
    fmt::print("{}", formatted(description(hive, processes), Format::jsonl));
  }
  std::fflush(stdout);
  watch.until(stopping);
  return ExitCode::success;
}

}  // namespace queenright::program
