#include "tests/election/paper_hive.hpp"

#include <algorithm>

#include "election/random.hpp"
#include "messages/text.hpp"
#include "tests/election/usual_timing.hpp"

namespace queenright::election {

using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

/// Promises something, or what it says is durable.
bool is_held(const messages::Item& item) {
  return std::holds_alternative<messages::Grant>(item) ||
         std::holds_alternative<messages::OwnVote>(item) ||
         std::holds_alternative<messages::SyncReply>(item) ||
         std::holds_alternative<messages::SyncEnd>(item) ||
         std::holds_alternative<messages::Ended>(item);
}

}  // namespace

PaperHive::Queen::Queen(const Rules& broken)
    : rules(broken), election({}, support, letters, rules) {}

PaperHive::PaperHive(std::uint64_t seed, std::size_t queens, std::size_t circuits, Rules rules)
    : rules_(rules), random_(seed), circuits_(circuits), most_circuits_(circuits + 4) {
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
  queen.tree.boot(queen.id, all, {queen.incarnation}, usual::of_hives, clock_of(queen));
  queen.election.restore(queen.durable);
  begin(queen);
  queen.election.boot(next_random(random_), clock_of(queen));
  if (std::exchange(queen.loses_journal, false)) queen.election.lose_journal({});
  queen.durable = queen.election.state();  // synced before the first byte
  open_circuits(queen, 1000);
  queen.next_tick = queen.next_hello = clock_of(queen);
  end(index, true);
  push({now_, 0, Event::Kind::wake, index, 0, queen.incarnation, {}});
}

void PaperHive::begin(Queen& queen) {
  std::vector<NodeId> others;
  for (const auto& [other, pair] : queen.support.state().pairs) others.push_back(other);
  queen.letters.begin(others);
  const Instant now = clock_of(queen);
  queen.election.begin_step(now);
  queen.support.expire(now);
  notice(queen);
}

void PaperHive::notice(Queen& queen) {
  for (const NodeId other : queen.support.take_withdrawn()) {
    queen.tree.lose(other);
    queen.election.support_ended(other);
  }
}

/// As circuit 0 would tell, to one queen earlier than to another.
void PaperHive::open_circuits(Queen& queen, unsigned per_mille) {
  for (std::size_t c = 1; c <= circuits_; ++c)
    if (!queen.election.knows({c}) && !queen.election.forgotten({c}) && chance(per_mille))
      queen.election.open({c}, chance(500));
}

/// She has fetched the end of a closed circuit.
void PaperHive::end_circuits(Queen& queen) {
  for (const CircuitId circuit : std::vector(queen.election.state().closed)) {
    if (queen.election.contest(circuit).ended.contains(queen.id) || !chance(300)) continue;
    ended_[circuit].insert(queen.id);
    queen.election.ended(circuit);
  }
}

// R14.
void PaperHive::answer_wanted(Queen& queen) {
  for (const auto& wanted : queen.election.take_wanted()) {
    for (const auto& [circuit, floor] : wanted.floors)
      queen.letters.to(wanted.queen, messages::SyncReply{wanted.session, circuit, floor, {}});
    queen.letters.to(wanted.queen,
                     messages::SyncEnd{wanted.session, wanted.floors.size(), wanted.highest});
  }
}

/// The end of a step: what it promised is written, what promises nothing goes at once.
void PaperHive::end(std::size_t index, bool hello_to_all) {
  Queen& queen = *queens_[index];
  notice(queen);
  answer_wanted(queen);
  queen.election.ask_in_turn(0);
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
      return !is_held(item) || (to != queen.id && !rules_.holds(Rule::durable_promise));
    });
    std::vector<messages::Item> held(middle, items.end());
    items.erase(middle, items.end());
    held_any |= !held.empty();
    if (to == queen.id) {
      auto letter = std::make_shared<Letter>(Letter{std::move(held), to});
      push({synced, 0, Event::Kind::own, index, index, queen.incarnation, std::move(letter)});
      continue;
    }
    if (!items.empty() || hello_to_all) say(index, to, std::move(items), hello_to_all);
    if (held.empty()) continue;
    held.insert(held.begin(), queen.support.contact(to));
    auto letter = std::make_shared<Letter>(Letter{std::move(held), to});
    push({synced, 0, Event::Kind::release, index, index, queen.incarnation, std::move(letter)});
  }
  if (held_any) {
    queen.disk_free = synced;
    queen.writing.push_back({synced, queen.election.state()});
    while (queen.writing.size() > 1 && queen.writing.front().synced_at <= now_) {
      queen.durable = queen.writing.front().state;
      queen.writing.pop_front();
    }
  }
  take_changes(queen);
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
    next.standing = queen.election.standing();
    next.adverts = queen.tree.adverts();
    all.emplace_back(std::move(next));
  }
  for (auto& item : items) all.push_back(std::move(item));
  send(from, to.value - 1U, std::move(all), now_);
}

void PaperHive::send(std::size_t from, std::size_t to, std::vector<messages::Item> items,
                     Instant earliest) {
  auto letter = std::make_shared<Letter>(Letter{std::move(items), {}});
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
      notice(queen);
    } else if (const auto* hello = std::get_if<Hello>(&item)) {
      queen.support.hear(from, *hello, clock_of(queen));
      queen.election.compare_views(from, hello->views);
      if (queen.support.pair(from).until) queen.tree.hear(from, hello->adverts, clock_of(queen));
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

/// What waited for the disk; nothing of a life that is over leaves any more.
void PaperHive::release(const Event& event) {
  Queen& queen = *queens_[event.queen];
  check_promises(queen, *event.letter);
  send(event.queen, event.letter->to.value - 1U, event.letter->items, now_);
}

void PaperHive::wake(std::size_t index) {
  Queen& queen = *queens_[index];
  begin(queen);
  const Instant now = clock_of(queen);
  const bool hello = now >= queen.next_hello;
  if (hello) {
    queen.next_hello = now + usual::hello;
    queen.tree.raise();
  }
  queen.election.wake();
  if (now >= queen.next_tick) {
    queen.next_tick = now + usual::hello;
    open_circuits(queen, 300);
    end_circuits(queen);
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
      check_trees();
      continue;
    }
    Event event = queue_.top();
    queue_.pop();
    now_ = std::max(now_, event.at);
    ++events;
    handle(std::move(event));
    check();
  }
}

void PaperHive::handle(Event event) {
  Queen& queen = *queens_[event.queen];
  const bool alive =
      queen.up && (event.kind == Event::Kind::letter || event.life == queen.incarnation);
  if (event.kind == Event::Kind::boot) {
    if (!queen.up) boot(event.queen);
  } else if (alive && now_ < queen.paused_until) {
    event.at = queen.paused_until;
    push(std::move(event));
  } else if (alive && event.kind == Event::Kind::release) {
    release(event);
  } else if (alive && event.letter != nullptr) {
    deliver(event);
  }
}

}  // namespace queenright::election
