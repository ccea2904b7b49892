#include "actors/edges/process_table.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "actors/edges/descriptor.hpp"

namespace queenright::edges {
namespace {

/// The text of /proc/ID/stat, which a process that has just ended no longer has.
std::string status_text(int directory, const std::string& id) {
  const Descriptor file(::openat(directory, (id + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> text{};
  const auto size = file ? ::read(file.number(), text.data(), text.size()) : -1;
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "";
}

std::optional<Process> parse(pid_t id, const std::string& text) {
  const std::size_t name_end = text.rfind(')');  // the name may hold anything, ')' too
  if (name_end == std::string::npos) return std::nullopt;
  Process process{.id = id};
  unsigned long long started = 0;
  const int found = std::sscanf(text.c_str() + name_end + 1,
                                " %*c %d %d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
                                "%*d %*d %llu",
                                &process.parent, &process.group, &process.session, &started);
  if (found != 4) return std::nullopt;
  process.started = started;
  return process;
}

}  // namespace

std::vector<Process> running_processes() {
  std::vector<Process> processes;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc"), &::closedir);
  if (!directory) return processes;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    pid_t id = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), id).ec != std::errc{}) continue;
    if (auto process = parse(id, status_text(::dirfd(directory.get()), entry->d_name)))
      processes.push_back(*process);
  }
  return processes;
}

std::vector<Process> descendants_of(pid_t ancestor, const std::vector<Process>& processes) {
  std::vector<Process> found;
  std::set<pid_t> family{ancestor};
  for (bool grown = true; grown;) {  // ids may wrap around, so a child may come before its parent
    grown = false;
    for (const auto& process : processes)
      if (family.contains(process.parent) && family.insert(process.id).second) {
        found.push_back(process);
        grown = true;
      }
  }
  return found;
}

std::uint64_t ticks_since_boot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  static const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return static_cast<std::uint64_t>(now.tv_sec) * ticks_per_second +
         static_cast<std::uint64_t>(now.tv_nsec) * ticks_per_second / 1'000'000'000;
}

void end_all_descendants() {
  sigset_t child_ended;
  sigemptyset(&child_ended);
  sigaddset(&child_ended, SIGCHLD);
  const timespec pause{.tv_sec = 0, .tv_nsec = 10'000'000};
  for (;;) {
    for (const auto& process : descendants_of(::getpid(), running_processes())) {
      // A group is killed at one stroke: whoever is forking in it does not get away.
      if (process.group != ::getpgrp()) ::kill(-process.group, SIGKILL);
      ::kill(process.id, SIGKILL);
    }
    pid_t reaped = 0;
    do reaped = ::waitpid(-1, nullptr, WNOHANG);
    while (reaped > 0);
    if (reaped < 0 && errno == ECHILD) return;
    ::sigtimedwait(&child_ended, nullptr, &pause);
  }
}

void end_session(pid_t leader) {
  for (const auto& process : running_processes())
    if (process.session == leader && process.id != leader) ::kill(process.id, SIGKILL);
}

}  // namespace queenright::edges
