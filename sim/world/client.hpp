#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/item.hpp"
#include "sim/world/agenda.hpp"
#include "sim/world/chance.hpp"
#include "sim/world/made_up_plan.hpp"
#include "sim/world/options.hpp"

namespace queenright::sim {

/// What a client knows of one run of its own: only what it was told. Times are true times.
struct ClientRun {
  std::string key;
  std::optional<messages::NodeId> queen;       ///< asked first; of a run that was submitted
  std::optional<messages::CircuitId> circuit;  ///< since it was told so
  std::vector<std::string> steps;              ///< of its plan
  std::optional<messages::Instant> opened;     ///< acknowledged
  std::optional<messages::Instant> begun;      ///< its plan was acknowledged
  std::optional<messages::Instant> cancelled;  ///< its cancellation was acknowledged
  std::optional<messages::Instant> ended;      ///< told that it is over
  std::string state;                           ///< as last told
  std::string refused;                         ///< why it was given up
  bool over = false;                           ///< ended or given up
};

/// Wants runs done: opens each, sends its plan, watches it, and decides where a person must. It
/// says a command again under the same key, at another queen, until the answer is final.
class Client {
 public:
  struct Ports {
    Agenda& agenda;
    std::function<void(messages::NodeId queen, messages::Item item)> say;
  };

  Client(Ports ports, const Options& options, std::uint64_t number);

  void hear(const messages::Item& item);
  /// One run of one step that succeeds; the queen is asked first.
  void submit(messages::NodeId queen, const PlainWork& work);
  /// At this queen first; only if the run is known to be this client's.
  void cancel(messages::CircuitId run, messages::NodeId queen);
  void stop() { stopped_ = true; }  ///< begins no further runs

  const std::vector<ClientRun>& runs() const { return runs_; }
  std::uint64_t number() const { return number_; }

 private:
  struct Question {
    messages::Submit submit;
    std::size_t run;
    std::uint64_t repeat;  ///< counts when it was decided to say it again
  };

  void begin_run();
  void open_run(std::optional<messages::NodeId> queen, roles::Plan plan);
  void ask(std::size_t run, messages::CircuitId circuit, messages::Command command);
  void repeat(const messages::Key& key, std::optional<messages::NodeId> queen);
  void repeat_in(Question& question, messages::Duration pause);
  void say(messages::Item item, std::optional<messages::NodeId> queen = {});
  void answered(const messages::Reply& reply);
  void opened(std::size_t run, const messages::Reply& reply);
  void begin(std::size_t run);
  void happened(const messages::Events& events);
  void change(std::size_t run, const std::string& state);
  void look(std::size_t run);
  void read();
  void decide(std::size_t run);
  void finish(std::size_t run);
  messages::Key next_key();

  const Ports ports_;
  const Options options_;
  const std::uint64_t number_;
  Chance chance_;
  std::uint64_t said_ = 0;
  bool stopped_ = false;
  std::vector<ClientRun> runs_;
  std::vector<roles::Plan> plans_;  ///< of the runs
  std::map<messages::CircuitId, std::size_t> of_circuit_;
  std::map<messages::Key, Question> open_;
};

}  // namespace queenright::sim
