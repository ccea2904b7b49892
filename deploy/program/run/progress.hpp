#pragma once

#include <chrono>
#include <map>
#include <string>

#include "deploy/program/status_line.hpp"
#include "messages/item.hpp"

namespace queenright::program {

/// Their circuits, and what people call them.
using Runs = std::map<messages::CircuitId, std::string>;

/// Tells on stderr how runs go on: one line that is written anew on a terminal, a line for each
/// step that ends elsewhere.
class Progress {
 public:
  enum class Style { none, lines, terminal };

  Progress(Style style, Runs runs, std::size_t steps);

  /// Of a run that goes on already: so many steps, of which so many have ended.
  void begin_at(std::size_t steps, std::size_t ended);
  void begin_at(const messages::Value::Map& summary);  ///< as its circuit tells

  void take(const messages::Events& events);
  void tick();   ///< redraws the line
  void clear();  ///< takes the line away

 private:
  struct Tasks {
    std::size_t running = 0;
    std::size_t done = 0;
  };

  void take(const std::string& run, const messages::RunEvent& event);
  std::string line(std::size_t width) const;

  const Style style_;
  const Runs runs_;
  std::size_t steps_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::size_t ended_steps_ = 0;
  std::map<std::string, Tasks> running_;  ///< by run and step
  StatusLine status_;
};

/// Of stderr: terminal, unless TERM is dumb or CI is set.
Progress::Style progress_style(bool quiet);

}  // namespace queenright::program
