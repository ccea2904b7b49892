#include "election/support.hpp"

#include <algorithm>
#include <utility>

#include "election/timing.hpp"

namespace queenright::election {

using messages::Evidence;

void Support::boot(NodeId self, const std::vector<NodeId>& queens, Incarnation incarnation,
                   const Timing& timing) {
  state_.timing = timing;
  state_.self = self;
  state_.session = messages::first_session(incarnation);
  state_.incarnations[self] = incarnation;
  state_.pairs.clear();
  for (const NodeId queen : queens) {
    if (queen == self) continue;
    state_.pairs[queen].epoch = {state_.session.value};
  }
}

void Support::renew_session() {
  ++state_.session.value;
  for (auto& [other, pair] : state_.pairs) {
    pair.got_until = {};
    pair.sent.clear();
    pair.echoed = {};
  }
}

bool Support::hear(NodeId from, const Contact& contact, Instant now) {
  Pair& pair = state_.pairs.at(from);
  for (const auto& [queen, incarnation] : contact.incarnations) {
    auto& known = state_.incarnations[queen];
    known = std::max(known, incarnation);
  }
  if (is_over(from, contact.session)) return false;
  if (contact.session > pair.session) meet(from, pair, contact.session);
  if (contact.echoed_session != state_.session) return true;

  if (const auto echo = pair.sent.find(contact.heard); echo != pair.sent.end())
    pair.echoed = std::max(pair.echoed, echo->second);
  if (contact.support == SupportEpoch{} || contact.support < pair.got_epoch) return true;
  if (contact.support > pair.got_epoch) {
    pair.got_epoch = contact.support;
    pair.got_until = {};
  }
  const auto extended = rules_.holds(Rule::extended_by) ? contact.supported_by : contact.heard;
  if (const auto sent = pair.sent.find(extended); sent != pair.sent.end()) {
    const Instant begins = rules_.holds(Rule::lease_from_sending) ? sent->second : now;
    pair.got_until = std::max(pair.got_until, begins + timing::supported(state_.timing));
  }
  return true;
}

/// A session of hers that is new here.
void Support::meet(NodeId other, Pair& pair, Session session) {
  withdraw(other, pair);
  pair.session = session;
  pair.heard = {};
  pair.extended_by = {};
  pair.hello = {};
  auto& known = state_.incarnations[other];
  known = std::max(known, messages::incarnation_of(session));
}

void Support::hear(NodeId from, const Hello& hello, Instant now) {
  Pair& pair = state_.pairs.at(from);
  if (hello.number <= pair.heard) return;  // overtaken
  pair.heard = hello.number;
  pair.heard_at = now;
  pair.hello = hello;
  // Who is heard and does not hear would be a root that nobody can follow.
  const bool both_ways = now < pair.echoed + state_.timing.lease;
  if (!both_ways && rules_.holds(Rule::two_way_support)) return;
  pair.until = now + state_.timing.lease;
  pair.extended_by = hello.number;
}

void Support::exit_proven(NodeId other, Incarnation incarnation) {
  const auto known = state_.pairs.find(other);
  if (known == state_.pairs.end() || !rules_.holds(Rule::exits)) return;
  Pair& pair = known->second;
  pair.exited = std::max(pair.exited, incarnation);
  if (messages::incarnation_of(pair.session) > pair.exited) return;
  if (pair.until)
    withdraw(other, pair);
  else
    withdrawn_.push_back(other);  // others may still have spoken for her
}

void Support::expire(Instant now) {
  for (auto& [other, pair] : state_.pairs)
    if (pair.until && now >= *pair.until) withdraw(other, pair);
}

/// R3: the new epoch voids every grant of this pair.
void Support::withdraw(NodeId other, Pair& pair) {
  if (!pair.until) return;
  pair.until.reset();
  if (rules_.holds(Rule::epoch_a_withdrawal)) ++pair.epoch.value;
  withdrawn_.push_back(other);
}

Contact Support::contact(NodeId to) const {
  const Pair& known = pair(to);
  Contact contact;
  contact.session = state_.session;
  contact.echoed_session = known.session;
  contact.heard = known.heard;
  contact.supported_by = known.extended_by;
  if (known.until) contact.support = known.epoch;
  contact.incarnations = state_.incarnations;
  return contact;
}

Hello Support::next_hello(NodeId to, Instant now) {
  Pair& other = state_.pairs.at(to);
  std::erase_if(other.sent,
                [&](const auto& one) { return one.second + state_.timing.lease <= now; });
  other.sent[{++other.last_sent.value}] = now;
  Hello hello;
  hello.number = other.last_sent;
  hello.connected = connected(now);
  for (const auto& [queen, known] : state_.pairs)
    if (queen != to && known.session != Session{})
      hello.evidence.push_back({queen, known.session, now - known.heard_at});
  return hello;
}

bool Support::supports(NodeId other, Session session) const {
  const auto known = state_.pairs.find(other);
  return known != state_.pairs.end() && known->second.until.has_value() &&
         known->second.session == session;
}

bool Support::is_over(NodeId other, Session session) const {
  const auto known = state_.pairs.find(other);
  return known != state_.pairs.end() && (session < known->second.session ||
                                         messages::incarnation_of(session) <= known->second.exited);
}

bool Support::connected(Instant now) const {
  const auto supporters =
      std::count_if(state_.pairs.begin(), state_.pairs.end(),
                    [&](const auto& one) { return now < one.second.got_until; });
  return static_cast<std::size_t>(supporters) + 1 >= majority();
}

bool Support::heard_by_others(NodeId other, Session session, Instant now) const {
  const Instant mine = pair(other).heard_at;
  if (is_over(other, session)) return false;
  return std::any_of(state_.pairs.begin(), state_.pairs.end(), [&](const auto& one) {
    const Pair& third = one.second;
    if (one.first == other || now >= third.heard_at + state_.timing.lease) return false;
    return std::any_of(
        third.hello.evidence.begin(), third.hello.evidence.end(), [&](const Evidence& evidence) {
          const Instant theirs{third.heard_at.since_boot - evidence.age};
          return evidence.queen == other && evidence.session == session &&
                 theirs >= mine + timing::fresher(state_.timing) &&
                 now < theirs + state_.timing.lease;  // mine may be from before a boot
        });
  });
}

std::optional<Instant> Support::next_expiry() const {
  std::optional<Instant> earliest;
  for (const auto& [other, pair] : state_.pairs)
    if (pair.until && (!earliest || *pair.until < *earliest)) earliest = pair.until;
  return earliest;
}

}  // namespace queenright::election
