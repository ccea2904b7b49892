#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace samples {

/// This test program once more, as another process that runs one case of it and writes the
/// journal at a path. Killed when it goes out of scope.
class OtherProcess {
 public:
  OtherProcess(const std::string& test_case, const std::filesystem::path& journal);
  ~OtherProcess();
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;

  pid_t id() const { return id_; }
  void wait_for_line(const std::string& line);  ///< on its pipe, by tell()
  std::string rest_until_exit();                ///< all further lines
  void kill();

  // ---- within it
  static std::filesystem::path journal();
  static void tell(const std::string& line);

 private:
  pid_t id_ = 0;
  int pipe_ = -1;
};

}  // namespace samples
