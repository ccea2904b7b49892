#include <algorithm>

#include "tests/election/paper_hive.hpp"
#include "tests/election/usual_timing.hpp"

/// What goes wrong in a hive on paper.
namespace queenright::election {

using std::chrono::milliseconds;

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
  if (chance(200) && without_vote() < (queens_.size() - 1) / 2) {
    queen.durable = {};
    queen.loses_journal = true;
  }
  push({now_ + between(milliseconds{1}, milliseconds{800}),
        0,
        Event::Kind::boot,
        index,
        0,
        queen.incarnation,
        {}});
}

/// More than N - M of them at once, and nobody could tell them what they promised.
std::size_t PaperHive::without_vote() const {
  return static_cast<std::size_t>(
      std::count_if(queens_.begin(), queens_.end(), [](const auto& queen) {
        return queen->loses_journal || queen->durable.amnesia.lost || !queen->election.voting();
      }));
}

void PaperHive::fault() {
  if (chance(500))
    fault_of_links();
  else
    fault_of_queens();
}

void PaperHive::fault_of_links() {
  const std::size_t n = queens_.size();
  switch (draw(8)) {
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
    case 5: loss_ = static_cast<unsigned>(draw(300)); break;
    case 6: duplicates_ = static_cast<unsigned>(draw(100)); break;
    default: slow_ = chance(300) ? between({}, milliseconds{400}) : Duration{}; break;
  }
}

void PaperHive::fault_of_queens() {
  const std::size_t victim = draw(queens_.size());
  Queen& queen = *queens_[victim];
  const CircuitId circuit{1 + draw(circuits_)};
  switch (draw(8)) {
    case 0:
    case 1:
      if (queen.up) crash(victim);
      break;
    case 2: queen.paused_until = now_ + between({}, milliseconds{500}); break;
    case 3: prove_exit(queen); break;
    case 4:
      queen.election.set_standing(chance(500) ? QueenStanding::good : QueenStanding::drained);
      break;
    case 5:
      if (circuits_ < most_circuits_) close_one(circuit);
      break;
    default: hand_over_one(circuit); break;
  }
}

/// Its root knows that its log is final; another circuit is opened for it.
void PaperHive::close_one(CircuitId circuit) {
  for (auto& queen : queens_) {
    if (!queen->up || now_ < queen->paused_until) continue;
    begin(*queen);
    if (queen->election.acting(circuit)) {
      if (closing_.insert(circuit).second) ++circuits_;
      queen->election.close(circuit);
    }
    end(queen->id.value - 1U, false);
  }
}

// R17.
void PaperHive::prove_exit(Queen& victim) {
  if (victim.up) return;
  for (auto& queen : queens_) {
    if (!queen->up || now_ < queen->paused_until || chance(300)) continue;
    begin(*queen);
    queen->support.exit_proven(victim.id, {victim.incarnation});
    end(queen->id.value - 1U, false);
  }
}

void PaperHive::hand_over_one(CircuitId circuit) {
  const NodeId to{static_cast<std::uint16_t>(draw(queens_.size()) + 1)};
  for (auto& queen : queens_) {
    if (!queen->up || now_ < queen->paused_until) continue;
    begin(*queen);
    if (queen->election.acting(circuit) && to != queen->id)
      queen->election.hand_over(circuit, to, "a fault");
    end(queen->id.value - 1U, false);
  }
}

void PaperHive::heal() {
  cut_.clear();
  loss_ = duplicates_ = 0;
  slow_ = {};
  for (auto& queen : queens_) queen->paused_until = {};
}

}  // namespace queenright::election
