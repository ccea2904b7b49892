#include "tests/election/paper_hive.hpp"

#include <algorithm>

#include "election/random.hpp"
#include "election/timing.hpp"
#include "messages/effect.hpp"
#include "messages/text.hpp"

namespace queenright::election {

using std::chrono::microseconds;
using std::chrono::milliseconds;

PaperHive::Queen::Queen(const Rules& broken)
    : rules(broken), election({}, support, letters, rules) {}

PaperHive::PaperHive(std::uint64_t seed, std::size_t queens, std::size_t circuits, Rules rules)
    : rules_(rules), random_(seed), circuits_(circuits) {
  for (std::size_t i = 0; i < queens; ++i) {
    queens_.push_back(std::make_unique<Queen>(rules_));
    queens_[i]->id = {static_cast<std::uint16_t>(i + 1)};
    queens_[i]->rate = static_cast<std::int64_t>(draw(18'001)) - 9'000;
  }
  for (std::size_t i = 0; i < queens; ++i) boot(i);
}

Instant PaperHive::clock_of(const Queen& queen) const {
  const std::int64_t since = (now_.since_boot - Duration{std::chrono::hours{1}}).count();
  return {now_.since_boot + Duration{since / 1'000'000 * queen.rate}};
}

std::uint64_t PaperHive::draw(std::uint64_t below) { return next_random(random_) % below; }

Duration PaperHive::between(Duration low, Duration high) {
  return low + Duration{static_cast<std::int64_t>(
                   draw(static_cast<std::uint64_t>((high - low).count()) + 1))};
}

void PaperHive::push(Event event) {
  event.order = ++order_;
  queue_.push(std::move(event));
}

void PaperHive::boot(std::size_t index) {
  Queen& queen = *queens_[index];
  queen.up = true;
  ++queen.incarnation;
  std::vector<NodeId> all;
  for (const auto& one : queens_) all.push_back(one->id);
  queen.support.boot(queen.id, all, {queen.incarnation});
  queen.election.restore(queen.durable);
  begin(queen);
  queen.election.boot(next_random(random_), clock_of(queen));
  for (std::size_t c = 1; c <= circuits_; ++c)
    if (!queen.election.knows({c})) queen.election.open({c}, chance(500));
  queen.next_tick = queen.next_hello = clock_of(queen);
  end(index, true);
  push({now_, 0, Event::Kind::wake, index, 0, queen.incarnation, {}});
}

/// Keeps a random prefix of what was not synced.
void PaperHive::crash(std::size_t index) {
  Queen& queen = *queens_[index];
  queen.up = false;
  while (!queen.writing.empty()) {
    if (queen.writing.front().synced_at > now_ && chance(500)) break;
    queen.durable = queen.writing.front().state;
    queen.writing.pop_front();
  }
  queen.writing.clear();
  queen.disk_free = {};
  push({now_ + between(milliseconds{1}, milliseconds{800}),
        0,
        Event::Kind::boot,
        index,
        0,
        queen.incarnation,
        {}});
}

void PaperHive::begin(Queen& queen) {
  std::vector<NodeId> others;
  for (const auto& [other, pair] : queen.support.state().pairs) others.push_back(other);
  queen.letters.begin(others);
  const Instant now = clock_of(queen);
  queen.election.begin_step(now);
  queen.support.expire(now);
  for (const NodeId other : queen.support.take_withdrawn()) queen.election.support_ended(other);
}

/// The end of a step: what it promised is written, what promises nothing goes at once.
void PaperHive::end(std::size_t index, bool hello_to_all) {
  Queen& queen = *queens_[index];
  for (const NodeId other : queen.support.take_withdrawn()) queen.election.support_ended(other);
  auto letters = queen.letters.take();
  if (hello_to_all)
    for (const auto& [other, pair] : queen.support.state().pairs) letters[other];
  const bool stalls = faults_ && chance(2);
  const Instant start = std::max(now_, queen.disk_free);
  const Instant synced = start + between(microseconds{200}, microseconds{400}) +
                         (stalls ? between({}, milliseconds{300}) : Duration{});
  bool held_any = false;
  for (auto& [to, items] : letters) {
    const auto middle = std::stable_partition(items.begin(), items.end(), [&](const auto& item) {
      return release_of(item) != messages::Release::held;
    });
    std::vector<messages::Item> held(middle, items.end());
    items.erase(middle, items.end());
    held_any |= !held.empty();
    if (to == queen.id) {
      auto letter = std::make_shared<Letter>(Letter{std::move(held)});
      push({synced, 0, Event::Kind::own, index, index, queen.incarnation, std::move(letter)});
      continue;
    }
    if (!items.empty() || hello_to_all) say(index, to, std::move(items), hello_to_all);
    if (held.empty()) continue;
    held.insert(held.begin(), queen.support.contact(to));
    send(index, to.value - 1U, std::move(held), synced);
  }
  if (held_any) {
    queen.disk_free = synced;
    queen.writing.push_back({synced, queen.election.state()});
    while (queen.writing.size() > 1 && queen.writing.front().synced_at <= now_) {
      queen.durable = queen.writing.front().state;
      queen.writing.pop_front();
    }
  }
  count_elections(queen);
}

/// At once; claims ride on a hello.
void PaperHive::say(std::size_t from, NodeId to, std::vector<messages::Item> items, bool hello) {
  Queen& queen = *queens_[from];
  const bool claims = std::any_of(items.begin(), items.end(), [](const auto& item) {
    return std::holds_alternative<messages::Claim>(item);
  });
  std::vector<messages::Item> all{queen.support.contact(to)};
  if (claims || hello) {
    Hello next = queen.support.next_hello(to, clock_of(queen));
    next.views = queen.election.views();
    all.emplace_back(std::move(next));
  }
  for (auto& item : items) all.push_back(std::move(item));
  send(from, to.value - 1U, std::move(all), now_);
}

// I1, I4.
void PaperHive::count_elections(Queen& queen) {
  for (const auto& change : queen.election.take_changes()) {
    if (change.kind != PartChanged::Kind::elected) continue;
    ++elections;
    const Ballot& ballot = queen.election.contest(change.circuit).led;
    auto [place, fresh] = elected_.try_emplace({change.circuit, ballot.epoch}, ballot);
    if (!fresh && place->second != ballot) violate("I1: two roots of one epoch");
    auto& highest = highest_elected_[change.circuit];
    if (fresh && ballot.epoch <= highest) violate("I4: an epoch of the past was elected");
    highest = std::max(highest, ballot.epoch);
  }
}

void PaperHive::send(std::size_t from, std::size_t to, std::vector<messages::Item> items,
                     Instant earliest) {
  auto letter = std::make_shared<Letter>(Letter{std::move(items)});
  for (int copy = 0; copy < 2; ++copy) {
    if (copy == 1 && !chance(duplicates_)) return;
    if (cut_.contains({from, to}) || chance(loss_)) continue;
    const Instant at = earliest + between(microseconds{500}, microseconds{700}) +
                       (slow_ > Duration{} ? between({}, slow_) : Duration{});
    push({at, 0, Event::Kind::letter, to, from, queens_[from]->incarnation, letter});
  }
}

void PaperHive::deliver(const Event& event) {
  Queen& queen = *queens_[event.queen];
  const NodeId from = queens_[event.from]->id;
  begin(queen);
  bool heard_hello = false;
  for (const auto& item : event.letter->items) {
    if (const auto* contact = std::get_if<Contact>(&item)) {
      if (!queen.support.hear(from, *contact, clock_of(queen))) return;
      for (const NodeId other : queen.support.take_withdrawn()) queen.election.support_ended(other);
    } else if (const auto* hello = std::get_if<Hello>(&item)) {
      queen.support.hear(from, *hello, clock_of(queen));
      queen.election.compare_views(from, hello->views);
      heard_hello = true;
    } else {
      std::visit(
          [&](const auto& one) {
            if constexpr (requires { queen.election.take(from, one); })
              queen.election.take(from, one);
            else if constexpr (std::is_same_v<std::decay_t<decltype(one)>, messages::OwnVote>)
              queen.election.vote_synced(one.circuit, one.ballot);
          },
          item);
    }
  }
  end(event.queen, false);
  if (heard_hello && event.from != event.queen)
    send(event.queen, event.from, {queen.support.contact(from)}, now_);
}

void PaperHive::wake(std::size_t index) {
  Queen& queen = *queens_[index];
  begin(queen);
  const Instant now = clock_of(queen);
  const bool hello = now >= queen.next_hello;
  if (hello) queen.next_hello = now + timing::hello;
  queen.election.wake();
  if (now >= queen.next_tick) {
    queen.next_tick = now + timing::hello;
    queen.election.tick();
  }
  end(index, hello);
}

void PaperHive::run(Duration span, bool faults) {
  faults_ = faults;
  const Instant until = now_ + span;
  next_fault_ = now_;
  constexpr Duration grain = milliseconds{1};
  Instant next_grain = now_;
  while (now_ < until && violations.empty()) {
    if (faults && now_ >= next_fault_) {
      fault();
      next_fault_ = now_ + between(milliseconds{20}, milliseconds{160});
    }
    if (queue_.empty() || queue_.top().at > next_grain) {
      now_ = next_grain;
      next_grain = now_ + grain;
      for (std::size_t i = 0; i < queens_.size(); ++i) {
        Queen& queen = *queens_[i];
        if (!queen.up || now_ < queen.paused_until) continue;
        const Instant at = clock_of(queen);
        const auto alarm = queen.election.next_wake();
        if (at >= queen.next_hello || at >= queen.next_tick || (alarm && at >= *alarm)) wake(i);
      }
      check();
      continue;
    }
    Event event = queue_.top();
    queue_.pop();
    now_ = std::max(now_, event.at);
    ++events;
    Queen& queen = *queens_[event.queen];
    if (event.kind == Event::Kind::boot) {
      if (!queen.up) boot(event.queen);
    } else if (queen.up && now_ < queen.paused_until) {
      event.at = queen.paused_until;
      push(std::move(event));
      continue;
    } else if (queen.up && event.letter != nullptr &&
               (event.kind != Event::Kind::own || event.life == queen.incarnation)) {
      deliver(event);
    }
    check();
  }
}

void PaperHive::fault() {
  const std::size_t n = queens_.size();
  switch (draw(12)) {
    case 0: cut_.clear(); break;
    case 1:
    case 2: cut_.insert({draw(n), draw(n)}); break;
    case 3: {
      const std::size_t victim = draw(n);
      for (std::size_t i = 0; i < n; ++i) {
        cut_.insert({i, victim});
        if (chance(500)) cut_.insert({victim, i});
      }
      break;
    }
    case 4: {
      const std::uint64_t side = draw(std::uint64_t{1} << n);
      for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = 0; b < n; ++b)
          if (((side >> a) & 1U) != ((side >> b) & 1U)) cut_.insert({a, b});
      break;
    }
    case 5:
    case 6: {
      const std::size_t victim = draw(n);
      if (queens_[victim]->up) crash(victim);
      break;
    }
    case 7: queens_[draw(n)]->paused_until = now_ + between({}, milliseconds{500}); break;
    case 8: loss_ = static_cast<unsigned>(draw(300)); break;
    case 9: duplicates_ = static_cast<unsigned>(draw(100)); break;
    case 10: slow_ = chance(300) ? between({}, milliseconds{400}) : Duration{}; break;
    default: {
      for (auto& queen : queens_) {
        if (!queen->up || now_ < queen->paused_until) continue;
        const std::size_t index = queen->id.value - 1U;
        const CircuitId circuit{1 + draw(circuits_)};
        begin(*queen);
        const std::size_t successor = draw(n);
        const NodeId to{static_cast<std::uint16_t>(successor + 1)};
        if (queen->election.acting(circuit) && successor != index)
          queen->election.hand_over(circuit, to, "a fault");
        end(index, false);
      }
    }
  }
}

void PaperHive::heal() {
  cut_.clear();
  loss_ = duplicates_ = 0;
  slow_ = {};
  for (auto& queen : queens_) queen->paused_until = {};
}

// I3.
void PaperHive::check() {
  for (std::size_t c = 1; c <= circuits_; ++c) {
    int acting = 0;
    for (auto& queen : queens_) {
      if (!queen->up || now_ < queen->paused_until) continue;
      queen->election.begin_step(clock_of(*queen));
      acting += queen->election.acting({c}) ? 1 : 0;
    }
    if (acting > 1) violate("I3: two acting roots");
  }
}

void PaperHive::violate(const std::string& what) {
  violations.push_back(what + " at " +
                       std::to_string((now_.since_boot - std::chrono::hours{1}).count() / 1000) +
                       " us");
}

std::vector<std::string> PaperHive::unsettled() {
  std::vector<std::string> found;
  for (std::size_t c = 1; c <= circuits_; ++c) {
    std::set<Ballot> views;
    int acting = 0;
    for (auto& queen : queens_) {
      queen->election.begin_step(clock_of(*queen));
      acting += queen->up && queen->election.acting({c}) ? 1 : 0;
      views.insert(queen->election.contest({c}).view.ballot);
    }
    if (acting != 1)
      found.push_back("L1: circuit " + std::to_string(c) + " has " + std::to_string(acting) +
                      " acting roots");
    if (views.size() != 1) found.push_back("L2: views of circuit " + std::to_string(c) + " differ");
  }
  return found;
}

std::string PaperHive::text() const {
  std::string out;
  for (const auto& queen : queens_)
    out += "queen " + std::to_string(queen->id.value) + (queen->up ? " up at " : " down at ") +
           std::to_string(clock_of(*queen).since_boot.count()) + "\n" +
           messages::to_text(queen->support.state()) + "\n" +
           messages::to_text(queen->election.state()) + "\n";
  return out;
}

}  // namespace queenright::election
