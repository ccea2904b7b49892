#include "deploy/program/faults/fault_line.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "deploy/program/failure.hpp"
#include "persistence/watched_journal.hpp"

namespace queenright::program {
namespace {

bool is_connected_stream(int descriptor) {
  int type = 0;
  socklen_t size = sizeof type;
  sockaddr_storage peer{};
  socklen_t peer_size = sizeof peer;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM &&
         ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0;
}

edges::Descriptor checked(int descriptor) {
  if (!is_connected_stream(descriptor))
    throw Failure(ExitCode::usage,
                  "--fault-line " + std::to_string(descriptor) +
                      ": it is no connected stream socket that this process was given");
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return edges::Descriptor(descriptor);
}

}  // namespace

FaultLine::FaultLine(int descriptor) : socket_(checked(descriptor)), clock_(machine_) {}

FaultLine::~FaultLine() { stop(); }

std::unique_ptr<persistence::Journal> FaultLine::on_its_disk(
    std::unique_ptr<persistence::Journal> journal) {
  return std::make_unique<persistence::WatchedJournal>(
      std::move(journal), persistence::WatchedJournal::Hooks{[this] { write_waits(); }, [] {}});
}

/// Of the journal's thread.
void FaultLine::write_waits() const {
  if (is_full_)
    throw persistence::JournalFailed("No space left on device (its fault line says so)");
  std::this_thread::sleep_for(each_write_.load());
}

void FaultLine::start(Cut cut) {
  cut_ = std::move(cut);
  thread_ = std::thread([this] { listen(); });
}

void FaultLine::stop() {
  ::shutdown(socket_.number(), SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
}

void FaultLine::listen() {
  std::string heard;
  std::array<char, longest_fault_line> chunk;
  for (;;) {
    const auto count = ::recv(socket_.number(), chunk.data(), chunk.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    heard.append(chunk.data(), static_cast<std::size_t>(count));
    for (auto end = heard.find('\n'); end != std::string::npos; end = heard.find('\n')) {
      say(answer_to(std::string_view(heard).substr(0, end)));
      heard.erase(0, end + 1);
    }
    if (heard.size() <= longest_fault_line) continue;
    say("refused: the line is too long; no other one is read");
    break;
  }
  heal();
}

/// To a parent who does not read, nothing is said.
void FaultLine::say(const std::string& answer) const {
  const std::string line = answer + '\n';
  static_cast<void>(
      ::send(socket_.number(), line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
}

std::string FaultLine::answer_to(std::string_view line) {
  const auto order = parse_fault_order(line);
  if (!order) return "refused: " + order.reason();
  const bool done = std::visit([this](const auto& one) { return obey(one); }, order.value());
  return done ? "ok" : "refused: this node has no such peer";
}

bool FaultLine::obey(const CutPeer& cut) {
  if (!cut_(cut)) return false;
  cut_off_.insert(cut.node);
  return true;
}

bool FaultLine::obey(const SlowDisk& slow) {
  each_write_ = slow.each_write;
  return true;
}

bool FaultLine::obey(const FullDisk&) {
  is_full_ = true;
  return true;
}

bool FaultLine::obey(const MoveClock& move) {
  clock_.move(move);
  return true;
}

bool FaultLine::obey(const Heal&) {
  heal();
  return true;
}

void FaultLine::heal() {
  each_write_ = std::chrono::milliseconds{};
  is_full_ = false;
  clock_.move({});
  for (const auto node : std::exchange(cut_off_, {})) cut_({node});
}

}  // namespace queenright::program
