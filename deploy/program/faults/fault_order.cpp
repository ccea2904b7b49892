#include "deploy/program/faults/fault_order.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "messages/near_name.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::program {

using messages::Refusal;
using messages::Result;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t highest_node = 65'535;
constexpr std::int64_t longest_write = 10'000;  // ms
constexpr std::int64_t highest_rate = 20'000;   // parts in a million
constexpr std::int64_t farthest_wall =
    std::chrono::milliseconds{std::chrono::hours{24 * 366}}.count();

std::string_view direction_of(const CutPeer& cut) {
  if (cut.from_there && cut.to_there) return "both";
  if (cut.from_there) return "from";
  return cut.to_there ? "to" : "none";
}

std::vector<std::string_view> words_in(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at <= line.size();) {
    const auto space = std::min(line.find(' ', at), line.size());
    words.push_back(line.substr(at, space - at));
    at = space + 1;
  }
  return words;
}

/// One of these, or why not.
Result<std::int64_t> number_in(std::string_view word, std::int64_t least, std::int64_t most) {
  const auto number = sim::number_of(word);
  if (number && *number >= least && *number <= most) return *number;
  return Refusal{
      fmt::format("{} is no number from {} to {}", messages::in_quotes(word), least, most)};
}

Result<FaultOrder> cut_of(std::string_view node, std::string_view direction) {
  const auto number = number_in(node, 1, highest_node);
  if (!number) return Refusal{number.reason()};
  CutPeer cut{{static_cast<std::uint16_t>(number.value())}};
  cut.from_there = direction == "both" || direction == "from";
  cut.to_there = direction == "both" || direction == "to";
  if (direction != direction_of(cut))
    return Refusal{"a peer is cut both, from, to or none, not " + messages::in_quotes(direction)};
  return FaultOrder{cut};
}

Result<FaultOrder> slow_disk_of(std::string_view each_write) {
  const auto number = number_in(each_write, 0, longest_write);
  if (!number) return Refusal{number.reason()};
  return FaultOrder{SlowDisk{milliseconds{number.value()}}};
}

Result<FaultOrder> clock_of(std::string_view rate, std::string_view wall) {
  const auto parts = number_in(rate, -highest_rate, highest_rate);
  if (!parts) return Refusal{parts.reason()};
  const auto ahead = number_in(wall, -farthest_wall, farthest_wall);
  if (!ahead) return Refusal{ahead.reason()};
  return FaultOrder{MoveClock{parts.value(), milliseconds{ahead.value()}}};
}

struct Text {
  std::string operator()(const CutPeer& cut) const {
    return fmt::format("cut {} {}", cut.node.value, direction_of(cut));
  }
  std::string operator()(const SlowDisk& slow) const {
    return fmt::format("slow-disk {}", slow.each_write.count());
  }
  std::string operator()(const FullDisk&) const { return "full-disk"; }
  std::string operator()(const MoveClock& move) const {
    return fmt::format("clock {} {}", move.rate, move.wall.count());
  }
  std::string operator()(const Heal&) const { return "heal"; }
};

}  // namespace

std::string text_of(const FaultOrder& order) { return std::visit(Text{}, order); }

Result<FaultOrder> parse_fault_order(std::string_view line) {
  const auto words = words_in(line);
  if (words[0] == "cut" && words.size() == 3) return cut_of(words[1], words[2]);
  if (words[0] == "slow-disk" && words.size() == 2) return slow_disk_of(words[1]);
  if (words[0] == "full-disk" && words.size() == 1) return FaultOrder{FullDisk{}};
  if (words[0] == "clock" && words.size() == 3) return clock_of(words[1], words[2]);
  if (words[0] == "heal" && words.size() == 1) return FaultOrder{Heal{}};
  return Refusal{messages::in_quotes(line) +
                 " is no order: there are 'cut NODE both|from|to|none', 'slow-disk MILLISECONDS', "
                 "'full-disk', 'clock RATE MILLISECONDS' and 'heal'"};
}

}  // namespace queenright::program
