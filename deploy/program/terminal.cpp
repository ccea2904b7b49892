#include "deploy/program/terminal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace queenright::program {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_capable_terminal(int stream) {
  return isatty(stream) == 1 && !is_set("CI") && is_set("TERM") &&
         std::string_view(std::getenv("TERM")) != "dumb";
}

}  // namespace queenright::program
