#include "sim/campaign/trace.hpp"

#include <algorithm>

#include "messages/text.hpp"

namespace queenright::sim {
namespace {

constexpr std::size_t kept_lines = 20'000;
constexpr std::size_t longest = 160;  ///< of what one word, input or effect is shown with

std::string cut_short(std::string text) {
  if (text.size() > longest) text.replace(longest, std::string::npos, "...");
  return text;
}

/// The name of an alternative, and what is in it.
template <class Variant>
std::string named(const Variant& one) {
  return std::visit(
      [](const auto& is) {
        return cut_short(std::string(std::decay_t<decltype(is)>::name) + " " +
                         messages::to_text(is));
      },
      one);
}

std::string name_of(const messages::Address& address) {
  return "node " + std::to_string(address.node.value) + " " + messages::name_of(address.role);
}

/// A letter without the contact that it begins with, if it says more.
std::string said(const std::vector<messages::Item>& items) {
  std::string text;
  for (const auto& item : items) {
    if (items.size() > 1 && std::holds_alternative<messages::Contact>(item)) continue;
    text += (text.empty() ? "" : "\n           ") + named(item);
  }
  return text;
}

std::string shown(const messages::Input& input) {
  const auto* envelope = std::get_if<messages::Envelope>(&input.body);
  if (envelope == nullptr) return named(input.body);
  return name_of(envelope->from) + ": " + said(envelope->items);
}

std::string shown(const messages::Effect& effect) {
  const auto* send = std::get_if<messages::Send>(&effect.body);
  return send == nullptr ? named(effect.body) : name_of(send->to) + ": " + said(send->items);
}

std::string clock_text(messages::Instant at) {
  const auto microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(at.since_boot).count();
  std::string fraction = std::to_string(microseconds % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return std::to_string(microseconds / 1'000'000) + "." + fraction;
}

bool names(const std::string& text, messages::CircuitId circuit) {
  const std::string number = std::to_string(circuit.value);
  const std::string field = "\"circuit\":" + number;
  for (std::size_t at = text.find(field); at != std::string::npos; at = text.find(field, at + 1))
    if (const std::size_t end = at + field.size(); end == text.size() || !std::isdigit(text[end]))
      return true;
  return text.find("circuit/" + number + " ") != std::string::npos;
}

}  // namespace

void Trace::keep(messages::Instant at, messages::NodeId node, std::string text) {
  lines_.push_back({at, node, std::move(text)});
  if (lines_.size() > kept_lines) lines_.pop_front();
}

void Trace::turned(const Turned& turn) {
  std::string text = messages::name_of(turn.role) + " #" + std::to_string(turn.sequence.value) +
                     "  <- " + shown(turn.input);
  for (const auto& effect : turn.effects) text += "\n      -> " + shown(effect);
  if (!turn.failure.empty()) text += "\n      !! " + turn.failure;
  keep(turn.at, turn.node, std::move(text));
}

void Trace::ended(const Ended& end) {
  keep(end.at, end.node,
       "ended: " + end.reason + "; durable up to " + std::to_string(end.durable.value));
}

void Trace::started(const Started& start) {
  keep(start.at, start.node,
       "started, incarnation " + std::to_string(start.incarnation.value) + ", recovered up to " +
           std::to_string(start.recovered.value) + (start.amnesiac ? ", amnesiac" : ""));
}

std::vector<std::string> Trace::around(const Violation& violation, std::size_t most) const {
  std::vector<std::string> found;
  const auto& nodes = violation.nodes;
  for (auto line = lines_.rbegin(); line != lines_.rend() && found.size() < most; ++line) {
    if (line->at > violation.at) continue;
    const bool by_node = std::find(nodes.begin(), nodes.end(), line->node) != nodes.end();
    const bool by_circuit = violation.circuit && names(line->text, *violation.circuit);
    const bool of_all = nodes.empty() && !violation.circuit;
    if (!(of_all || by_circuit || (by_node && !violation.circuit))) continue;
    found.push_back(clock_text(line->at) + "  node " + std::to_string(line->node.value) + "  " +
                    line->text);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace queenright::sim
