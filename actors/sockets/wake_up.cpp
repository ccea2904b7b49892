#include "actors/sockets/wake_up.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace queenright::sockets {

WakeUp::WakeUp() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

WakeUp::~WakeUp() { close(descriptor_); }

void WakeUp::ring() { eventfd_write(descriptor_, 1); }

void WakeUp::silence() {
  eventfd_t rings = 0;
  eventfd_read(descriptor_, &rings);
}

}  // namespace queenright::sockets
