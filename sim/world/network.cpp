#include "sim/world/network.hpp"

#include <algorithm>
#include <chrono>

#include "messages/codec.hpp"

namespace queenright::sim {

using messages::Duration;
using messages::Instant;
using messages::NodeId;

namespace {

Duration time_for(const Letter& letter, std::uint64_t bytes_per_second) {
  std::string bytes;
  append_encoded(bytes, messages::Effect{letter.send});
  constexpr std::uint64_t second = std::chrono::nanoseconds(std::chrono::seconds{1}).count();
  return Duration(static_cast<std::int64_t>(bytes.size() * second / bytes_per_second));
}

}  // namespace

Network::Network(Agenda& agenda, const Options& options, Deliver deliver)
    : delay(options.delay),
      jitter(options.jitter),
      agenda_(agenda),
      chance_(options.seed, 1),
      deliver_(std::move(deliver)) {}

void Network::send(Letter letter) {
  const LinkId id{letter.cause.who.node, letter.send.to.node};
  Link& link = links_[id];
  if (link.cut || chance_.permille(loss_permille)) return;
  if (chance_.permille(duplicates_permille)) carry(id, link, letter);
  carry(id, link, std::move(letter));
}

Instant Network::arrival(Link& link, const Letter& letter) {
  Instant out = agenda_.now();
  if (bytes_per_second != 0) {
    out = std::max(out, link.free_at) + time_for(letter, bytes_per_second);
    link.free_at = out;
  }
  return out + delay + chance_.up_to(jitter);
}

void Network::carry(const LinkId& id, Link& link, Letter letter) {
  const Instant at = arrival(link, letter);
  agenda_.at(at, [this, id, cuts = link.cuts, letter = std::move(letter)]() mutable {
    if (links_[id].cuts == cuts) deliver_(std::move(letter));
  });
}

void Network::cut(NodeId from, NodeId to) {
  Link& link = links_[{from, to}];
  link.cut = true;
  ++link.cuts;
}

void Network::restore(NodeId from, NodeId to) { links_[{from, to}].cut = false; }

bool Network::is_cut(NodeId from, NodeId to) const {
  const auto found = links_.find({from, to});
  return found != links_.end() && found->second.cut;
}

}  // namespace queenright::sim
