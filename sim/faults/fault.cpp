#include "sim/faults/fault.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "messages/near_name.hpp"
#include "sim/faults/time_text.hpp"

namespace queenright::sim {
namespace {

using messages::in_quotes;
using messages::Refusal;
using messages::Result;
using enum AmountUnit;

std::optional<std::int64_t> amount_of(const FaultTrait& trait, std::string_view text) {
  if (trait.amount.unit == number) return number_of(text);
  const auto span = time_of(text);
  return span ? std::optional(span->count()) : std::nullopt;
}

std::vector<std::string_view> names() {
  std::vector<std::string_view> all;
  for (const auto& trait : fault_traits()) all.push_back(trait.name);
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
    fault_.amount = trait_->amount.usual;
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
    if (++next_ == words_.size()) return fail("a time is missing after " + in_quotes(word));
    const auto read = time_of(words_[next_]);
    if (!read || *read < Duration{})
      return fail(in_quotes(words_[next_]) + " is no time; write 300ms or 1.5s");
    time = *read;
    ++next_;
    return true;
  }

  bool take_kind() {
    if (next_ == words_.size()) return fail("a kind of fault is missing");
    const std::string_view word = words_[next_++];
    const auto found = std::find_if(fault_traits().begin(), fault_traits().end(),
                                    [&](const FaultTrait& trait) { return trait.name == word; });
    if (found == fault_traits().end())
      return fail("there is no fault " + in_quotes(word) + messages::did_you_mean(word, names()));
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
    const auto& wanted = trait_->nodes;
    if (fault_.nodes.size() > wanted.most)
      return fail(wanted.most == 0
                      ? name + " is about no node: it has no " + in_quotes(text_of(fault_.nodes))
                      : name + " takes " + std::string(wanted.who) + ", and no more than that");
    if (fault_.nodes.size() < wanted.least)
      return fail(name + " needs " + std::string(wanted.who) + ", as in '" + name +
                  (wanted.least > 1 ? " 1,2'" : " 1'"));
    return true;
  }

  bool take_amount(std::string_view word) {
    const std::string name(trait_->name);
    const FaultAmount& known = trait_->amount;
    const std::string amount_name(known.name);
    const std::size_t sign = word.find('=');
    if (known.name.empty() || word.substr(0, sign) != known.name)
      return fail(
          in_quotes(word) + " is unknown to " + name +
          (known.name.empty() ? "; it takes nothing more" : "; it takes " + amount_name + "=..."));
    if (std::exchange(has_amount_, true)) return fail(name + " has " + amount_name + " twice");
    const auto amount =
        sign == std::string_view::npos ? std::nullopt : amount_of(*trait_, word.substr(sign + 1));
    if (!amount)
      return fail(in_quotes(word) + ": write " + amount_name +
                  (known.unit == number ? "=NUMBER" : "=TIME"));
    fault_.amount = *amount;
    return true;
  }

  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
  const FaultTrait* trait_ = nullptr;
  bool has_amount_ = false;
  Fault fault_;
  std::string wrong_;
};

}  // namespace

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
      return Refusal{in_quotes(list) + " are no nodes; write 1 or 1,3"};
    const NodeId node{static_cast<NodeId::number_type>(*number)};
    if (std::find(nodes.begin(), nodes.end(), node) != nodes.end())
      return Refusal{in_quotes(list) + " names node " + std::to_string(*number) + " twice"};
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
  const FaultAmount& known = trait.amount;
  if (known.name.empty() || fault.amount == known.usual) return text;
  ((text += ' ') += known.name) += "=";
  text += known.unit == number ? std::to_string(fault.amount) : time_text(Duration{fault.amount});
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
    for (const auto& trait : fault_traits())
      if (word == trait.name || word == trait.family || (word == "all" && trait.family != "beyond"))
        kinds.insert(trait.kind);
    if (kinds.size() == before && word != "all") {
      std::vector<std::string_view> known = names();
      for (const auto& trait : fault_traits()) known.push_back(trait.family);
      if (std::find(known.begin(), known.end(), word) == known.end())
        return Refusal{"there are no faults " + in_quotes(word) +
                       messages::did_you_mean(word, known)};
    }
    at = end + 1;
  }
  return std::vector(kinds.begin(), kinds.end());
}

}  // namespace queenright::sim
