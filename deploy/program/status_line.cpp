#include "deploy/program/status_line.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "deploy/program/columns.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {
namespace {

constexpr auto redraw_every = std::chrono::milliseconds{100};

}  // namespace

std::size_t StatusLine::width() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return known ? std::min<std::size_t>(size.ws_col - 1U, widest) : 79;
}

bool StatusLine::is_due() const {
  return std::chrono::steady_clock::now() - drawn_ >= redraw_every;
}

void StatusLine::show(const std::string& text) {
  drawn_ = std::chrono::steady_clock::now();
  say("\r\x1b[K{}", shortened(text, width()));
  std::fflush(stderr);
  shown_ = true;
}

void StatusLine::clear() {
  if (!shown_) return;
  say("\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace queenright::program
