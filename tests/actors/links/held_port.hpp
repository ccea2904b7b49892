#pragma once

#include <cstdint>
#include <string>

namespace queenright::links {

/// A TCP port of 127.0.0.1 that nobody else is given, by the kernel or as the source of a
/// connection, as long as this lives: bound, and not listened at. A listener that says
/// SO_REUSEADDR, as ZeroMQ's do, may share it.
class HeldPort {
 public:
  HeldPort();
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;
  ~HeldPort();

  std::string address() const { return "tcp://127.0.0.1:" + std::to_string(number_); }

 private:
  int descriptor_;
  std::uint16_t number_ = 0;
};

}  // namespace queenright::links
