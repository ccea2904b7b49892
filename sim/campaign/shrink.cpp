#include "sim/campaign/shrink.hpp"

#include <algorithm>
#include <utility>

namespace queenright::sim {
namespace {

constexpr Duration shortest = std::chrono::milliseconds{1};

/// With less of a core than a majority, everything that is demanded of it would fail.
std::vector<Fault> cores_of(const std::vector<Fault>& faults) {
  std::vector<Fault> cores;
  for (const auto& fault : faults)
    if (fault.kind == FaultKind::core) cores.push_back(fault);
  return cores;
}

class Shrinking {
 public:
  Shrinking(std::vector<Fault> faults, const StillShows& still_shows, std::size_t tries)
      : faults_(std::move(faults)), still_shows_(still_shows), most_(tries) {}

  Shrunk shrink() {
    do {
      changed_ = false;
      drop();
      for (std::size_t i = 0; i < faults_.size(); ++i) {
        shorten(i);
        spare_nodes(i);
      }
    } while (changed_ && tries_ < most_);
    return {std::move(faults_), tries_, tries_ < most_};
  }

 private:
  bool try_instead(std::vector<Fault> candidate) {
    if (tries_ == most_ || cores_of(candidate) != cores_) return false;
    ++tries_;
    if (!still_shows_(candidate)) return false;
    faults_ = std::move(candidate);
    return changed_ = true;
  }

  /// Delta debugging (Zeller): ever smaller parts of the list are left out.
  void drop() {
    for (std::size_t size = faults_.size(); size > 0; size /= 2)
      for (std::size_t at = 0; at < faults_.size();)
        if (!drop(at, std::min(size, faults_.size() - at))) at += size;
  }

  bool drop(std::size_t at, std::size_t size) {
    auto rest = faults_;
    const auto from = rest.begin() + static_cast<std::ptrdiff_t>(at);
    rest.erase(from, from + static_cast<std::ptrdiff_t>(size));
    return try_instead(std::move(rest));
  }

  void shorten(std::size_t i) {
    while (faults_[i].span / 2 >= shortest) {
      auto shorter = faults_;
      shorter[i].span = std::chrono::floor<std::chrono::microseconds>(shorter[i].span / 2);
      if (!try_instead(std::move(shorter))) return;
    }
  }

  void spare_nodes(std::size_t i) {
    for (std::size_t place = faults_[i].nodes.size(); place-- > 0;) {
      if (faults_[i].nodes.size() <= std::max<std::size_t>(least_nodes(i), 1)) return;
      auto fewer = faults_;
      fewer[i].nodes.erase(fewer[i].nodes.begin() + static_cast<std::ptrdiff_t>(place));
      try_instead(std::move(fewer));
    }
  }

  std::size_t least_nodes(std::size_t i) const { return trait_of(faults_[i].kind).nodes.least; }

  std::vector<Fault> faults_;
  const std::vector<Fault> cores_ = cores_of(faults_);
  const StillShows& still_shows_;
  const std::size_t most_;
  std::size_t tries_ = 0;
  bool changed_ = false;
};

}  // namespace

Shrunk shrink(std::vector<Fault> faults, const StillShows& still_shows, std::size_t tries) {
  return Shrinking(std::move(faults), still_shows, tries).shrink();
}

}  // namespace queenright::sim
