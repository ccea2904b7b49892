#include "deploy/program/chaos/planned_fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "messages/near_name.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::program {
namespace {

constexpr std::array<ChaosTrait, 6> traits{{
    {ChaosKind::kill, "kill", "its process is killed (-9), and started again when the time is over",
     true},
    {ChaosKind::stop, "stop", "its process stands still (SIGSTOP)", true},
    {ChaosKind::partition, "partition",
     "nothing passes between it and any other node, or only in one direction; at times no queen "
     "reaches any other one, shortly",
     true},
    {ChaosKind::slow_disk, "slow-disk", "each write of its journal takes longer", true},
    {ChaosKind::full_disk, "full-disk",
     "its next write fails, so that it ends with 6; it is started again when the time is over",
     true},
    {ChaosKind::clock, "clock", "its clock is too fast or too slow, its time of day wrong by hours",
     false},
}};

std::vector<std::string_view> names_of_kinds() {
  std::vector<std::string_view> names{"all", "list"};
  for (const auto& trait : traits) names.push_back(trait.name);
  return names;
}

std::string detail(const CutPeer& cut) {
  if (cut.from_there && cut.to_there) return "";
  return cut.from_there ? " (hears nobody)" : " (nobody hears it)";
}
std::string detail(const SlowDisk& slow) {
  return fmt::format(" ({} a write)", sim::time_text(slow.each_write));
}
std::string detail(const MoveClock& move) {
  return fmt::format(" ({:+.2f} % fast, its day {:+} s ahead)",
                     static_cast<double>(move.rate) / 10'000,
                     std::chrono::floor<std::chrono::seconds>(move.wall).count());
}
template <class Order>
std::string detail(const Order&) {
  return "";
}

}  // namespace

std::span<const ChaosTrait> chaos_traits() { return traits; }

const ChaosTrait& trait_of(ChaosKind kind) {
  return *std::find_if(traits.begin(), traits.end(),
                       [&](const ChaosTrait& trait) { return trait.kind == kind; });
}

messages::Result<std::vector<ChaosKind>> parse_chaos_kinds(std::string_view text) {
  std::vector<ChaosKind> kinds;
  for (std::size_t at = 0; at <= text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto word = text.substr(at, comma - at);
    at = comma + 1;
    for (const auto& trait : traits)
      if (word == "all" || word == trait.name) kinds.push_back(trait.kind);
    const auto names = names_of_kinds();
    if (word == "list" || std::find(names.begin(), names.end(), word) == names.end())
      return messages::Refusal{
          fmt::format("there is no kind {}{}; 'queenright chaos --faults list' shows all",
                      messages::in_quotes(word), messages::did_you_mean(word, names))};
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

std::string text_of(const PlannedFault& fault) {
  std::string text =
      fmt::format("at {} for {} {} {}", sim::time_text(fault.at), sim::time_text(fault.lasts),
                  trait_of(fault.kind).name, fmt::join(fault.nodes, ","));
  if (fault.order)
    text += std::visit([](const auto& order) { return detail(order); }, *fault.order);
  return text;
}

}  // namespace queenright::program
