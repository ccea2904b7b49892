#include "deploy/program/dev/node_processes.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <utility>

#include "deploy/program/failure.hpp"

namespace queenright::program {

using std::chrono::steady_clock;

namespace {

constexpr auto patience = std::chrono::seconds{60};
constexpr auto patience_to_stop = std::chrono::seconds{20};
constexpr auto look_again_after = std::chrono::milliseconds{5};

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

/// In the child: becomes the node. Nothing here allocates.
[[noreturn]] void become(const char* program, pid_t parent, int log, int fault_line,
                         char* const* arguments, char* const* environment) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(0);  // it is gone already
  setpgid(0, 0);                      // a terminal's interrupt is for the parent, who tells us
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  if (fault_line >= 0) fcntl(fault_line, F_SETFD, 0);
  execve(program, arguments, environment);
  _exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> environment_with(const std::string& notice_board) {
  std::vector<std::string> all{"NOTIFY_SOCKET=" + notice_board};
  for (char** one = environ; *one != nullptr; ++one)
    if (!std::string_view(*one).starts_with("NOTIFY_SOCKET=")) all.emplace_back(*one);
  return all;
}

}  // namespace

NodeProcesses::NodeProcesses(const LocalHive& hive, FaultLines fault_lines)
    : hive_(hive), fault_lines_(fault_lines) {
  for (const auto& node : hive_.members.nodes) processes_[node.name] = start(node, hive.founding);
}

NodeProcesses::~NodeProcesses() { stop(); }

pid_t NodeProcesses::start(const Member& node, bool founding) {
  std::vector<std::string> arguments{"queenright", "node", "--config",
                                     hive_.node_file(node).string()};
  if (founding) arguments.emplace_back("--found");
  FaultLineEnds line;
  if (fault_lines_ == FaultLines::open) {
    line = make_fault_line();
    arguments.insert(arguments.end(), {"--fault-line", std::to_string(line.node.number())});
  }
  auto environment = environment_with(notices_.name());
  const int log =
      open(hive_.log_file(node).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) throw Failure(ExitCode::usage, "can't write " + hive_.log_file(node).string());
  const auto argument_pointers = pointers(arguments);
  const auto environment_pointers = pointers(environment);
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process == 0)
    become(hive_.program.c_str(), parent, log, line.node.number(), argument_pointers.data(),
           environment_pointers.data());
  close(log);
  if (process < 0) throw Failure(ExitCode::unavailable, "no process can be started");
  if (line.parent) lines_.insert_or_assign(node.name, FaultControl(std::move(line.parent)));
  return process;
}

void NodeProcesses::wait_until_ready() {
  const auto since = steady_clock::now();
  const auto is_up = [this](const auto& one) { return ready_.contains(one.second); };
  while (!std::all_of(processes_.begin(), processes_.end(), is_up)) {
    read_notices(std::chrono::milliseconds{50});
    for (const auto& ended : take_ended())
      throw Failure(ExitCode::unavailable,
                    ended.node + ' ' + ended.how + ": " + last_words(ended.node));
    if (steady_clock::now() - since > patience)
      throw Failure(ExitCode::unavailable, "the nodes take too long to start");
  }
}

/// What there is; waits only for the first.
void NodeProcesses::read_notices(std::chrono::milliseconds patience) {
  while (const auto notice = notices_.next(std::exchange(patience, {})))
    if (notice->text.starts_with("READY=1")) ready_.insert(notice->process);
}

bool NodeProcesses::is_ready(const std::string& node) {
  read_notices({});
  const auto process = processes_.find(node);
  return process != processes_.end() && ready_.contains(process->second);
}

void NodeProcesses::send_signal(const std::string& node, int signal) const {
  const auto process = processes_.find(node);
  if (process != processes_.end()) kill(process->second, signal);
}

messages::Result<bool> NodeProcesses::tell(const std::string& node, const FaultOrder& order,
                                           std::chrono::milliseconds patience) {
  const auto line = lines_.find(node);
  if (line == lines_.end()) return messages::Refusal{node + " has no fault line"};
  return line->second.tell(order, patience);
}

std::vector<NodeProcesses::Ended> NodeProcesses::take_ended() {
  read_notices({});
  std::vector<Ended> ended;
  for (auto one = processes_.begin(); one != processes_.end();) {
    int status = 0;
    if (waitpid(one->second, &status, WNOHANG) == one->second) {
      ended.push_back({one->first, how_it_ended(status)});
      ready_.erase(one->second);
      one = processes_.erase(one);
    } else {
      ++one;
    }
  }
  return ended;
}

void NodeProcesses::start_again(const std::string& node) {
  processes_[node] = start(*hive_.members.node(node), false);
}

std::string NodeProcesses::last_words(const std::string& node) const {
  std::ifstream log(hive_.log_file(*hive_.members.node(node)));
  std::string last;
  for (std::string line; std::getline(log, line);)
    if (!line.empty()) last = line;
  return last;
}

void NodeProcesses::stop() {
  for (const auto& [node, process] : processes_) {
    kill(process, SIGTERM);
    kill(process, SIGCONT);
  }
  const auto since = steady_clock::now();
  while (!processes_.empty()) {
    take_ended();
    if (steady_clock::now() - since > patience_to_stop)
      for (const auto& [node, process] : processes_) kill(process, SIGKILL);
    std::this_thread::sleep_for(look_again_after);
  }
}

}  // namespace queenright::program
