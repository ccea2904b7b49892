#include "actors/edges/launch.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace queenright::edges {
namespace {

using messages::Exec;
using messages::Refusal;
using messages::Result;
using Environment = std::map<std::string, std::string>;
namespace fs = std::filesystem;

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

/// What no process can be given, whatever the system says.
std::optional<Refusal> refuse_impossible(const Exec& exec) {
  if (exec.argv.empty() || exec.argv.front().empty()) return Refusal{"no program is named"};
  for (std::size_t i = 0; i < exec.argv.size(); ++i)
    if (has_nul(exec.argv[i]))
      return Refusal{"argument " + std::to_string(i) + " contains a NUL byte"};
  for (const auto& [name, value] : exec.env)
    if (name.empty() || has_nul(name) || name.find('=') != std::string::npos || has_nul(value))
      return Refusal{"not possible in an environment: '" + name +
                     "' (a name is not empty, and has no '='; neither has NUL bytes)"};
  if (has_nul(exec.cwd)) return Refusal{"cwd contains a NUL byte"};
  return std::nullopt;
}

std::string said(int error) { return std::strerror(error); }

/// The program that a shell would find with the child's PATH, seen from the child's directory.
Result<fs::path> find_program(const std::string& name, const Environment& environment,
                              const fs::path& directory) {
  if (name.find('/') != std::string::npos) return fs::path(name);
  const auto found = environment.find("PATH");
  const std::string path = found == environment.end() ? "/usr/bin:/bin" : found->second;
  bool denied = false;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find(':', start), path.size());
    fs::path candidate = directory / path.substr(start, end - start) / name;
    struct stat status {};
    if (::stat(candidate.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
      if (::access(candidate.c_str(), X_OK) == 0) return candidate;
      denied = true;
    }
    start = end + 1;
  }
  if (denied) return Refusal{name + ": permission denied: not executable, in PATH=" + path};
  return Refusal{name + ": not found in PATH=" + path};
}

std::string reason_of(int error, const Exec& exec, const fs::path& program) {
  const std::string& name = exec.argv.front();
  struct stat status {};
  const bool there = ::stat(program.c_str(), &status) == 0;
  switch (error) {
    case EACCES:
      if (there && S_ISDIR(status.st_mode)) return name + ": is a directory";
      return name + ": permission denied: not executable";
    case ENOENT:
      if (there) return name + ": the interpreter that it names does not exist";
      return name + ": no such file (" + program.string() + ")";
    case ENOEXEC: return name + ": neither a program for this machine nor a script with '#!'";
    case E2BIG:
      return name + ": arguments and environment are too long for the system; pass data by stdin";
    case EAGAIN: return name + ": too many processes (ulimit -u)";
    default: return name + ": " + said(error);
  }
}

struct Pipe {
  Descriptor reader;
  Descriptor writer;
};

/// Both ends close on exec; ours, and ours alone, does not block.
std::optional<Pipe> make_pipe(Descriptor Pipe::*ours) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  ::fcntl((pipe.*ours).number(), F_SETFL, O_NONBLOCK);
  return pipe;
}

/// What posix_spawn is to do in the child before the program.
class Preparation {
 public:
  Preparation() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t every;
    sigfillset(&every);
    ::posix_spawnattr_setsigdefault(&attributes_, &every);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Preparation() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  void use(const Descriptor& descriptor, int as) {
    ::posix_spawn_file_actions_adddup2(&actions_, descriptor.number(), as);
  }
  void use_null(int as) {
    ::posix_spawn_file_actions_addopen(&actions_, as, "/dev/null", O_RDONLY, 0);
  }
  void change_directory(const fs::path& directory) {
    ::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
  }

  /// 0 and the process, or an error number.
  int spawn(pid_t& process, const fs::path& program, const std::vector<char*>& argv,
            const std::vector<char*>& environment) const {
    return ::posix_spawn(&process, program.c_str(), &actions_, &attributes_, argv.data(),
                         environment.data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// The form exec takes; it does not write to the strings.
std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> list;
  list.reserve(strings.size() + 1);
  for (const auto& string : strings) list.push_back(const_cast<char*>(string.c_str()));
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> assignments(const Environment& environment) {
  std::vector<std::string> list;
  list.reserve(environment.size());
  for (const auto& [name, value] : environment) list.push_back(name + '=' + value);
  return list;
}

}  // namespace

Result<fs::path> directory_for(const Exec& exec, const fs::path& scratch) {
  if (!exec.cwd.starts_with('/') && ::mkdir(scratch.c_str(), 0700) != 0 && errno != EEXIST) {
    std::error_code error;
    fs::create_directories(scratch.parent_path(), error);
    if (::mkdir(scratch.c_str(), 0700) != 0 && errno != EEXIST)
      return Refusal{"can't make the scratch directory " + scratch.string() + ": " + said(errno)};
  }
  if (exec.cwd.empty()) return scratch;
  fs::path directory = scratch / exec.cwd;
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0)
    return Refusal{(errno == ENOENT ? "no such directory: " : said(errno) + ": ") +
                   directory.string()};
  if (!S_ISDIR(status.st_mode)) return Refusal{"not a directory: " + directory.string()};
  if (::access(directory.c_str(), X_OK) != 0)
    return Refusal{"permission denied: directory " + directory.string()};
  return directory;
}

Environment inherited_environment() {
  Environment environment;
  for (const char* name : {"PATH", "HOME", "LANG"})
    if (const char* value = std::getenv(name)) environment[name] = value;
  return environment;
}

Result<Environment> secret_values(const std::vector<std::string>& names) {
  Environment secrets;
  for (const auto& name : names) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0')
      return Refusal{"the secret " + name + " is not in the environment of this worker"};
    secrets[name] = value;
  }
  return secrets;
}

Result<Launched> launch(const Exec& exec, const Environment& inherited, const fs::path& scratch) {
  if (auto refusal = refuse_impossible(exec)) return *refusal;
  Environment environment = exec.env;
  environment.insert(inherited.begin(), inherited.end());
  const auto directory = directory_for(exec, scratch);
  if (!directory) return Refusal{directory.reason()};
  const auto program = find_program(exec.argv.front(), environment, directory.value());
  if (!program) return Refusal{program.reason()};

  auto output = make_pipe(&Pipe::reader);
  auto errors = make_pipe(&Pipe::reader);
  auto input = exec.stdin_text.empty() ? Pipe{} : make_pipe(&Pipe::writer);
  if (!output || !errors || !input)
    return Refusal{exec.argv.front() + ": no pipe: " + said(errno) + " (ulimit -n)"};

  Preparation preparation;
  if (input->reader)
    preparation.use(input->reader, STDIN_FILENO);
  else
    preparation.use_null(STDIN_FILENO);
  preparation.use(output->writer, STDOUT_FILENO);
  preparation.use(errors->writer, STDERR_FILENO);
  preparation.change_directory(directory.value());
  const auto variables = assignments(environment);
  pid_t process = 0;
  const int error =
      preparation.spawn(process, program.value(), pointers(exec.argv), pointers(variables));
  if (error != 0) return Refusal{reason_of(error, exec, directory.value() / program.value())};
  return Launched{process, std::move(input->writer), std::move(output->reader),
                  std::move(errors->reader)};
}

}  // namespace queenright::edges
