#include "sim/fault.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "messages/ensure.hpp"
#include "messages/near_name.hpp"
#include "sim/time_text.hpp"

namespace queenright::sim {
namespace {

using messages::Refusal;
using messages::Result;
using enum FaultKind;
using enum AmountUnit;

constexpr std::int64_t millisecond = 1'000'000;  // ns

constexpr std::array traits{
    FaultTrait{loss, "loss", "network", true, 0, "", "permille", number, 100,
               "of all that is sent, some is lost"},
    FaultTrait{duplicates, "duplicates", "network", true, 0, "", "permille", number, 50,
               "of all that is sent, some arrives twice"},
    FaultTrait{delay, "delay", "network", true, 0, "", "by", time, 200 * millisecond,
               "what is sent is late by up to so much, and overtaken"},
    FaultTrait{bandwidth, "bandwidth", "network", true, 0, "", "bytes", number, 100'000,
               "each link carries so many bytes a second"},
    FaultTrait{cut, "cut", "topology", true, 2, "two of them", "", none, 0,
               "these can't reach each other"},
    FaultTrait{one_way, "one-way", "topology", true, 2, "who speaks, who does not hear", "", none,
               0, "one hears no more of another"},
    FaultTrait{split, "split", "topology", true, 1, "one side", "", none, 0,
               "these, and all others, can't reach each other"},
    FaultTrait{star, "star", "topology", true, 1, "the queen in the middle", "", none, 0,
               "queens reach only the one in the middle"},
    FaultTrait{chain, "chain", "topology", true, 2, "queens in their order", "", none, 0,
               "queens reach only their neighbours in a row"},
    FaultTrait{ring, "ring", "topology", true, 3, "queens in their order", "", none, 0,
               "queens reach only their neighbours in a circle"},
    FaultTrait{bridge, "bridge", "topology", true, 2, "the bridge, then one side's queens", "",
               none, 0, "two sides reach only the queen between them"},
    FaultTrait{core, "core", "topology", true, 1, "the queens who are left", "hub", number, 0,
               "these reach each other (with a hub: only her), the other queens nobody"},
    FaultTrait{deaf, "deaf", "topology", true, 1, "who", "", none, 0, "they hear nobody"},
    FaultTrait{mute, "mute", "topology", true, 1, "who", "", none, 0, "nobody hears them"},
    FaultTrait{flapping, "flapping", "topology", true, 2, "two of them", "every", time,
               60 * millisecond, "their link goes and comes"},
    FaultTrait{swizzle, "swizzle", "topology", true, 1, "whose links", "seed", number, 1,
               "links are cut one by one, and restored in another order"},
    FaultTrait{crash, "crash", "process", true, 1, "who", "kept", number, 500,
               "processes end, with so many thousandths of what was not synced kept"},
    FaultTrait{exit, "exit", "process", true, 1, "who", "kept", number, 500,
               "as crash, and the others have proof of it"},
    FaultTrait{pause, "pause", "process", true, 1, "who", "", none, 0, "processes stand still"},
    FaultTrait{restart_storm, "restart-storm", "process", true, 1, "who", "every", time,
               100 * millisecond, "they crash again and again"},
    FaultTrait{upgrade, "upgrade", "process", true, 1, "in their order", "down", time,
               100 * millisecond, "they restart one by one, each as long down"},
    FaultTrait{rate, "rate", "clock", true, 1, "whose", "ppm", number, 10'000,
               "clocks run fast (below 0: slow), within the 1 % that they may"},
    FaultTrait{wall_jump, "wall-jump", "clock", false, 1, "whose", "by", time,
               3'600'000 * millisecond, "the time of day jumps"},
    FaultTrait{suspend, "suspend", "clock", true, 1, "who", "", none, 0,
               "machines sleep; their clocks go on"},
    FaultTrait{slow_sync, "slow-sync", "disk", true, 1, "whose", "by", time, 200 * millisecond,
               "each sync takes so long"},
    FaultTrait{failed_write, "failed-write", "disk", true, 1, "whose", "", none, 0,
               "the next write fails; the process ends, and starts when this is over"},
    FaultTrait{failed_sync, "failed-sync", "disk", true, 1, "whose", "", none, 0,
               "the next sync fails; the process ends, and starts when this is over"},
    FaultTrait{full_disk, "full-disk", "disk", true, 1, "whose", "", none, 0,
               "nothing more can be written"},
    FaultTrait{torn_block, "torn-block", "disk", true, 1, "whose", "", none, 0,
               "a crash leaves half of the last block"},
    FaultTrait{flipped_bit, "flipped-bit", "amnesia", true, 1, "whose", "", none, 0,
               "a crash, and a bit of the journal is another afterwards"},
    FaultTrait{lost_directory, "lost-directory", "amnesia", true, 1, "whose", "", none, 0,
               "a crash, and the journal is gone"},
    FaultTrait{wild_rate, "wild-rate", "beyond", true, 1, "whose", "ppm", number, 50'000,
               "clocks run faster or slower than they may"},
    FaultTrait{lying_sync, "lying-sync", "beyond", true, 1, "whose", "", none, 0,
               "syncs do nothing; when it ends, the process crashes and all that was lied about "
               "is gone"},
    FaultTrait{demote, "demote", "hive", true, 1, "who", "circuit", number, -1,
               "they give up leading a circuit, or (-1) all while it lasts"},
    FaultTrait{cancel, "cancel", "hive", false, 0, "", "run", number, 1, "a client cancels a run"},
};

static_assert(traits.size() == static_cast<std::size_t>(last_enumerator(FaultKind{})) + 1);

std::optional<std::int64_t> amount_of(const FaultTrait& trait, std::string_view text) {
  if (trait.unit == number) return number_of(text);
  const auto span = time_of(text);
  return span ? std::optional(span->count()) : std::nullopt;
}

std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }

std::vector<std::string_view> names() {
  std::vector<std::string_view> all;
  for (const auto& trait : traits) all.push_back(trait.name);
  return all;
}

/// Reads one line, word by word.
class FaultReader {
 public:
  explicit FaultReader(std::string_view line) : words_(words_of(line)) {}

  Result<Fault> read() {
    if (!take_time("at", fault_.at, true) || !take_time("for", fault_.span, false) ||
        !take_kind() || !take_nodes())
      return Refusal{wrong_};
    fault_.amount = trait_->usual;
    while (next_ < words_.size())
      if (!take_amount(words_[next_++])) return Refusal{wrong_};
    if (fault_.span != Duration{} && !trait_->lasts)
      return Refusal{std::string(trait_->name) + " is over at once: it has no 'for'"};
    return fault_;
  }

 private:
  bool fail(std::string wrong) {
    wrong_ = std::move(wrong);
    return false;
  }

  bool take_time(std::string_view word, Duration& time, bool required) {
    if (next_ == words_.size() || words_[next_] != word)
      return !required || fail("a fault begins with 'at TIME', as in 'at 1.5s crash 1'");
    if (++next_ == words_.size()) return fail("a time is missing after " + quoted(word));
    const auto read = time_of(words_[next_]);
    if (!read || *read < Duration{})
      return fail(quoted(words_[next_]) + " is no time; write 300ms or 1.5s");
    time = *read;
    ++next_;
    return true;
  }

  bool take_kind() {
    if (next_ == words_.size()) return fail("a kind of fault is missing");
    const std::string_view word = words_[next_++];
    const auto found = std::find_if(traits.begin(), traits.end(),
                                    [&](const FaultTrait& trait) { return trait.name == word; });
    if (found == traits.end())
      return fail("there is no fault " + quoted(word) + messages::did_you_mean(word, names()));
    trait_ = &*found;
    fault_.kind = trait_->kind;
    return true;
  }

  bool take_nodes() {
    if (next_ < words_.size() && words_[next_].find('=') == std::string_view::npos) {
      auto nodes = parse_nodes(words_[next_++]);
      if (!nodes) return fail(nodes.reason());
      fault_.nodes = std::move(nodes).value();
    }
    const std::string name(trait_->name);
    if (trait_->nodes.empty() && !fault_.nodes.empty())
      return fail(name + " is about no node: it has no " + quoted(text_of(fault_.nodes)));
    if (fault_.nodes.size() < trait_->least_nodes)
      return fail(name + " needs " + std::string(trait_->nodes) + ", as in '" + name +
                  (trait_->least_nodes > 1 ? " 1,2'" : " 1'"));
    return true;
  }

  bool take_amount(std::string_view word) {
    const std::string name(trait_->name);
    const std::size_t sign = word.find('=');
    if (trait_->amount.empty() || word.substr(0, sign) != trait_->amount)
      return fail(quoted(word) + " is unknown to " + name +
                  (trait_->amount.empty() ? "; it takes nothing more"
                                          : "; it takes " + std::string(trait_->amount) + "=..."));
    const auto amount =
        sign == std::string_view::npos ? std::nullopt : amount_of(*trait_, word.substr(sign + 1));
    if (!amount)
      return fail(quoted(word) + ": write " + std::string(trait_->amount) +
                  (trait_->unit == number ? "=NUMBER" : "=TIME"));
    fault_.amount = *amount;
    return true;
  }

  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
  const FaultTrait* trait_ = nullptr;
  Fault fault_;
  std::string wrong_;
};

}  // namespace

std::span<const FaultTrait> fault_traits() { return traits; }

const FaultTrait& trait_of(FaultKind kind) {
  const auto& trait = traits.at(static_cast<std::size_t>(kind));
  messages::ensure(trait.kind == kind, "the table of faults is in the order of their kinds");
  return trait;
}

std::vector<std::string_view> words_of(std::string_view line) {
  line = line.substr(0, line.find('#'));
  std::vector<std::string_view> words;
  constexpr std::string_view blanks = " \t\r";
  for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(blanks, end);
  }
  return words;
}

std::string text_of(std::span<const NodeId> nodes) {
  std::string text;
  for (const NodeId node : nodes) (text += text.empty() ? "" : ",") += std::to_string(node.value);
  return text;
}

Result<std::vector<NodeId>> parse_nodes(std::string_view list) {
  std::vector<NodeId> nodes;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const auto number = number_of(list.substr(at, end - at));
    if (!number || *number < 1 || *number > 1000)
      return Refusal{quoted(list) + " are no nodes; write 1 or 1,3"};
    const NodeId node{static_cast<NodeId::number_type>(*number)};
    if (std::find(nodes.begin(), nodes.end(), node) != nodes.end())
      return Refusal{quoted(list) + " names node " + std::to_string(*number) + " twice"};
    nodes.push_back(node);
    at = end + 1;
  }
  return nodes;
}

std::string text_of(const Fault& fault) {
  const auto& trait = trait_of(fault.kind);
  std::string text = "at " + time_text(fault.at);
  if (fault.span != Duration{}) text += " for " + time_text(fault.span);
  (text += ' ') += trait.name;
  if (!fault.nodes.empty()) (text += ' ') += text_of(fault.nodes);
  if (trait.unit == number && fault.amount != trait.usual)
    ((text += ' ') += trait.amount) += "=" + std::to_string(fault.amount);
  if (trait.unit == time && fault.amount != trait.usual)
    ((text += ' ') += trait.amount) += "=" + time_text(Duration{fault.amount});
  return text;
}

Result<Fault> parse_fault(std::string_view line) { return FaultReader(line).read(); }

Result<std::vector<FaultKind>> parse_fault_kinds(std::string_view list) {
  std::set<FaultKind> kinds;
  if (list == "none") return std::vector<FaultKind>{};
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const std::string_view word = list.substr(at, end - at);
    const std::size_t before = kinds.size();
    for (const auto& trait : traits)
      if (word == trait.name || word == trait.family || (word == "all" && trait.family != "beyond"))
        kinds.insert(trait.kind);
    if (kinds.size() == before && word != "all") {
      std::vector<std::string_view> known = names();
      for (const auto& trait : traits) known.push_back(trait.family);
      if (std::find(known.begin(), known.end(), word) == known.end())
        return Refusal{"there are no faults " + quoted(word) + messages::did_you_mean(word, known)};
    }
    at = end + 1;
  }
  return std::vector(kinds.begin(), kinds.end());
}

}  // namespace queenright::sim
