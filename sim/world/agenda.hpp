#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "messages/ids.hpp"

namespace queenright::sim {

/// True time, and what is to happen in it: in the order of time, and at one time in the order in
/// which it was put down.
class Agenda {
 public:
  messages::Instant now() const { return now_; }

  /// Calls `action` at `when`, or now when that is over.
  template <class Action>
  void at(messages::Instant when, Action action) {
    push(std::max(when, now_), std::make_unique<EventOf<Action>>(std::move(action)));
  }

  std::optional<messages::Instant> next() const;
  void step();  ///< moves on to the next event and lets it happen; there must be one
  void stand_at(messages::Instant time) { now_ = std::max(now_, time); }

 private:
  struct Event {
    virtual ~Event() = default;
    virtual void happen() = 0;
  };
  template <class Action>
  struct EventOf final : Event {
    explicit EventOf(Action wanted) : action(std::move(wanted)) {}
    void happen() override { action(); }
    Action action;
  };
  struct Entry {
    messages::Instant at;
    std::uint64_t order;
    std::unique_ptr<Event> event;
    bool operator>(const Entry& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  void push(messages::Instant at, std::unique_ptr<Event> event);

  messages::Instant now_;
  std::uint64_t order_ = 0;
  std::vector<Entry> heap_;
};

}  // namespace queenright::sim
