#pragma once

namespace queenright::sockets {

/// Interrupts a thread that polls.
class WakeUp {
 public:
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  int descriptor() const { return descriptor_; }  ///< readable once somebody has rung
  void ring();                                    ///< any thread
  void silence();                                 ///< by the thread that polls

 private:
  int descriptor_;
};

}  // namespace queenright::sockets
