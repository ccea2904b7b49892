#include "actors/roles/plan/need.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace queenright::roles {

using messages::WorkerNeed;
using messages::WorkerOffer;

namespace {

constexpr std::size_t most_words = 64;     // capabilities, or labels
constexpr std::size_t longest_word = 128;  // bytes
constexpr std::uint32_t most_slots = 4096;
constexpr messages::Duration shortest_life = std::chrono::seconds{6};
constexpr messages::Duration longest_life = std::chrono::hours{24};

bool is_word(const std::string& text) {
  return !text.empty() && text.size() <= longest_word &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

std::string no_word(const char* what) {
  return std::string(what) + " is 1 to 128 bytes of printable ASCII without spaces";
}

/// What offers and needs have in common.
template <class Said>
std::string wrong_with_words(const Said& said) {
  if (said.capabilities.size() > most_words) return "at most 64 capabilities";
  if (said.labels.size() > most_words) return "at most 64 labels";
  for (const auto& capability : said.capabilities)
    if (!is_word(capability)) return no_word("a capability");
  for (const auto& [label, value] : said.labels) {
    if (!is_word(label)) return no_word("the name of a label");
    if (!is_word(value)) return no_word("the value of a label");
  }
  if (!said.region.empty() && !is_word(said.region)) return no_word("a region");
  return {};
}

bool has(const WorkerOffer& offer, const std::string& capability) {
  const auto& all = offer.capabilities;
  return std::find(all.begin(), all.end(), capability) != all.end();
}

bool has(const WorkerOffer& offer, const std::string& label, const std::string& value) {
  const auto found = offer.labels.find(label);
  return found != offer.labels.end() && found->second == value;
}

/// Both needs together; what can't be had together is said in `conflict`.
void join(WorkerNeed& all, const WorkerNeed& more, std::string& conflict) {
  for (const auto& capability : more.capabilities)
    if (std::find(all.capabilities.begin(), all.capabilities.end(), capability) ==
        all.capabilities.end())
      all.capabilities.push_back(capability);
  for (const auto& [label, value] : more.labels)
    if (all.labels.emplace(label, value).first->second != value)
      conflict = "the label " + label + " as " + all.labels.at(label) + " and as " + value;
  all.trust = std::max(all.trust, more.trust);
  if (all.region.empty()) all.region = more.region;
  if (!more.region.empty() && more.region != all.region)
    conflict = "the regions " + all.region + " and " + more.region;
}

WorkerNeed joined(const Plan& plan, std::string& conflict) {
  WorkerNeed all;
  for (const auto& step : plan.steps) join(all, step.worker, conflict);
  return all;
}

}  // namespace

std::vector<std::string> lacks(const WorkerOffer& offer, const WorkerNeed& need) {
  std::vector<std::string> missing;
  for (const auto& capability : need.capabilities)
    if (!has(offer, capability)) missing.push_back("the capability " + capability);
  for (const auto& [label, value] : need.labels)
    if (!has(offer, label, value)) missing.push_back("the label " + label + ": " + value);
  if (offer.trust < need.trust)
    missing.push_back("trust " + std::to_string(need.trust) + " (it has " +
                      std::to_string(offer.trust) + ")");
  if (!need.region.empty() && offer.region != need.region)
    missing.push_back("the region " + need.region);
  return missing;
}

bool meets(const WorkerOffer& offer, const WorkerNeed& need) {
  return offer.trust >= need.trust && (need.region.empty() || offer.region == need.region) &&
         std::all_of(need.capabilities.begin(), need.capabilities.end(),
                     [&](const auto& capability) { return has(offer, capability); }) &&
         std::all_of(need.labels.begin(), need.labels.end(),
                     [&](const auto& label) { return has(offer, label.first, label.second); });
}

std::vector<WorkerNeed> needs_of(const Plan& plan) {
  if (plan.mode == PlanMode::local) return {need_of(plan, 0)};
  std::set<WorkerNeed> needs;
  for (const auto& step : plan.steps) needs.insert(step.worker);
  return {needs.begin(), needs.end()};
}

WorkerNeed need_of(const Plan& plan, std::uint32_t step) {
  if (plan.mode != PlanMode::local) return plan.steps[step].worker;
  std::string ignored;
  return joined(plan, ignored);
}

std::string conflict_of_needs(const Plan& plan) {
  std::string conflict;
  if (plan.mode == PlanMode::local) joined(plan, conflict);
  return conflict;
}

std::string wrong_with(const WorkerOffer& offer) {
  if (offer.slots == 0) return "a worker has at least one slot";
  if (offer.slots > most_slots) return "a worker has at most 4096 slots";
  const auto life = time_to_live_of(offer);
  if (life < shortest_life || life > longest_life)
    return "the time to live of a worker is from 6 s to 24 h";
  return wrong_with_words(offer);
}

std::string wrong_with(const WorkerNeed& need) { return wrong_with_words(need); }

}  // namespace queenright::roles
