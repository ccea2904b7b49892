#include "sim/faults/fault_kinds.hpp"

#include <array>
#include <chrono>
#include <limits>

#include "messages/ensure.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::sim {
namespace {

using enum FaultKind;
using namespace std::chrono_literals;

constexpr std::size_t all = 1000;
constexpr FaultNodes nobody{};
constexpr FaultAmount no_amount{};
constexpr std::int64_t endless = std::numeric_limits<std::int64_t>::max();

constexpr FaultNodes nodes(std::string_view who, std::size_t least = 1, std::size_t most = all) {
  return {least, most, false, who};
}
constexpr FaultNodes queens(std::string_view who, std::size_t least = 1, std::size_t most = all) {
  return {least, most, true, who};
}
constexpr FaultAmount number(std::string_view name, std::int64_t usual, std::int64_t least,
                             std::int64_t most) {
  return {name, AmountUnit::number, usual, least, most};
}
constexpr FaultAmount time(std::string_view name, Duration usual, Duration least) {
  return {name, AmountUnit::time, usual.count(), least.count(), endless};
}
constexpr FaultAmount kept = number("kept", 500, 0, 1000);
constexpr Duration some{1};
constexpr Duration at_once{};

constexpr FaultTrait row(FaultKind kind, std::string_view name, std::string_view family,
                         FaultNodes nodes, FaultAmount amount, unsigned weight, Duration longest,
                         std::string_view what) {
  return {kind, name, family, longest > Duration{}, nodes, amount, {weight, longest}, what};
}

constexpr std::array traits{
    row(loss, "loss", "network", nobody, number("permille", 100, 0, 1000), 2, 1000ms,
        "of all that is sent, some is lost"),
    row(duplicates, "duplicates", "network", nobody, number("permille", 50, 0, 1000), 2, 1000ms,
        "of all that is sent, some arrives twice"),
    row(delay, "delay", "network", nobody, time("by", 200ms, some), 2, 500ms,
        "what is sent is late by up to so much, and overtaken"),
    row(bandwidth, "bandwidth", "network", nobody, number("bytes", 100'000, 1, endless), 2, 1000ms,
        "each link carries so many bytes a second"),
    row(cut, "cut", "topology", nodes("WHO,WHO", 2), no_amount, 2, 1000ms,
        "these can't reach each other"),
    row(one_way, "one-way", "topology", nodes("SPEAKER,HEARER", 2, 2), no_amount, 4, 1000ms,
        "the second hears no more of the first"),
    row(split, "split", "topology", nodes("SIDE"), no_amount, 4, 1000ms,
        "these, and all others, can't reach each other"),
    row(star, "star", "topology", queens("MIDDLE", 1, 1), no_amount, 2, 1000ms,
        "queens reach only the one in the middle"),
    row(chain, "chain", "topology", queens("ROW", 2), no_amount, 2, 1000ms,
        "queens reach only their neighbours in a row"),
    row(ring, "ring", "topology", queens("CIRCLE", 3), no_amount, 2, 1000ms,
        "queens reach only their neighbours in a circle"),
    row(bridge, "bridge", "topology", queens("BRIDGE,SIDE", 2), no_amount, 2, 1000ms,
        "two sides reach only the queen between them"),
    row(core, "core", "topology", queens("WHO"), number("hub", 0, 0, all), 0, 1000ms,
        "these reach each other (with a hub: only her), others nobody"),
    row(deaf, "deaf", "topology", nodes("WHO"), no_amount, 2, 1000ms, "they hear nobody"),
    row(mute, "mute", "topology", nodes("WHO"), no_amount, 2, 1000ms, "nobody hears them"),
    row(flapping, "flapping", "topology", nodes("WHO,WHO", 2, 2), time("every", 60ms, 1ms), 2,
        1000ms, "their link goes and comes"),
    row(swizzle, "swizzle", "topology", nodes("WHO"), number("seed", 1, 0, endless), 1, 1500ms,
        "their links are cut one by one, restored in another order"),
    row(crash, "crash", "process", nodes("WHO"), kept, 8, 800ms,
        "they end; so many permille of what was not synced is kept"),
    row(exit, "exit", "process", nodes("WHO"), kept, 4, 800ms,
        "as crash, and the others have proof of it"),
    row(pause, "pause", "process", nodes("WHO"), no_amount, 4, 500ms, "they stand still"),
    row(restart_storm, "restart-storm", "process", nodes("WHO"), time("every", 100ms, 1ms), 1,
        1500ms, "they crash again and again"),
    row(upgrade, "upgrade", "process", nodes("ROW"), time("down", 100ms, some), 1, 1500ms,
        "they restart one by one, each as long down"),
    row(rate, "rate", "clock", nodes("WHO"), number("ppm", 10'000, -10'000, 10'000), 2, 3000ms,
        "clocks run fast (below 0: slow), within the 1 % that they may"),
    row(wall_jump, "wall-jump", "clock", nodes("WHO"), time("by", 1h, Duration{-endless}), 1,
        at_once, "the time of day jumps"),
    row(suspend, "suspend", "clock", nodes("WHO"), no_amount, 2, 500ms,
        "machines sleep; their clocks go on"),
    row(slow_sync, "slow-sync", "disk", nodes("WHO"), time("by", 200ms, some), 2, 500ms,
        "each sync takes so long"),
    row(failed_write, "failed-write", "disk", nodes("WHO"), no_amount, 2, 800ms,
        "the next write fails; the process is down from then to the end"),
    row(failed_sync, "failed-sync", "disk", nodes("WHO"), no_amount, 2, 800ms,
        "the next sync fails; the process is down from then to the end"),
    row(full_disk, "full-disk", "disk", nodes("WHO"), no_amount, 2, 1000ms,
        "nothing more can be written"),
    row(torn_block, "torn-block", "disk", nodes("WHO"), no_amount, 1, 800ms,
        "a crash leaves half of the last block"),
    row(flipped_bit, "flipped-bit", "amnesia", nodes("WHO"), no_amount, 1, 800ms,
        "a crash, and a bit of the journal is another afterwards"),
    row(lost_directory, "lost-directory", "amnesia", nodes("WHO"), no_amount, 1, 800ms,
        "a crash, and the journal is gone"),
    row(wild_rate, "wild-rate", "beyond", nodes("WHO"), number("ppm", 50'000, -900'000, 900'000), 2,
        3000ms, "clocks run faster or slower than they may"),
    row(lying_sync, "lying-sync", "beyond", nodes("WHO"), no_amount, 2, 1000ms,
        "syncs do nothing; at the end a crash shows what is lost"),
    row(demote, "demote", "hive", queens("WHO"), number("circuit", -1, -1, endless), 4, 1000ms,
        "they give up leading a circuit, or (-1) all while it lasts"),
    row(cancel, "cancel", "hive", nobody, number("run", 1, 1, endless), 2, at_once,
        "a client cancels a run"),
    row(cut_off, "cut-off", "workers", nodes("WHO"), no_amount, 1, 8000ms,
        "they hear nobody, and nobody hears them"),
    row(failed_spawn, "failed-spawn", "workers", nodes("WHO"), no_amount, 2, 2000ms,
        "their children can't be started"),
};

static_assert(traits.size() == static_cast<std::size_t>(last_enumerator(FaultKind{})) + 1);

}  // namespace

std::span<const FaultTrait> fault_traits() { return traits; }

const FaultTrait& trait_of(FaultKind kind) {
  const auto& trait = traits.at(static_cast<std::size_t>(kind));
  messages::ensure(trait.kind == kind, "the table of faults is in the order of their kinds");
  return trait;
}

std::string usage_of(const FaultTrait& trait) {
  std::string text(trait.name);
  if (!trait.nodes.who.empty()) (text += ' ') += trait.nodes.who;
  if (trait.amount.name.empty()) return text;
  const bool is_time = trait.amount.unit == AmountUnit::time;
  return text + " [" + std::string(trait.amount.name) + "=" +
         (is_time ? time_text(Duration{trait.amount.usual}) : std::to_string(trait.amount.usual)) +
         "]";
}

}  // namespace queenright::sim
