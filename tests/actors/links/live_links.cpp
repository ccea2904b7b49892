#include "tests/actors/links/live_links.hpp"

#include <thread>

namespace queenright::links {

using messages::Letter;
using messages::NodeId;

void Arrivals::deliver(messages::RoleId to, messages::TraceId trace, messages::Cause cause,
                       messages::Input::Body body) {
  const std::lock_guard lock(mutex_);
  if (auto* envelope = std::get_if<messages::Envelope>(&body))
    letters_.push_back({trace, cause, {{{}, to}, std::move(envelope->items)}});
  else if (const auto* exit = std::get_if<messages::PeerExited>(&body))
    exits_.push_back(*exit);
  changed_.notify_all();
}

std::vector<Letter> Arrivals::letters() {
  const std::lock_guard lock(mutex_);
  return letters_;
}

std::vector<messages::PeerExited> Arrivals::exits() {
  const std::lock_guard lock(mutex_);
  return exits_;
}

LiveLinks::LiveLinks(const std::vector<NodeId>& started) {
  for (const auto id : {contract::one, contract::two, contract::three}) {
    nodes_[id] = std::make_unique<LiveNode>();
    nodes_[id]->id = id;
  }
  for (const auto id : started) start(id);
}

ZmqLink::Options LiveLinks::options_of(NodeId id) {
  LiveNode& own = node(id);
  ZmqLink::Options options;
  options.self = {42, id, {own.incarnation}, {own.incarnation * 1000ULL + id.value}};
  options.keys = own.keys;
  options.listen = own.address;
  for (const auto& [other, peer] : nodes_)
    if (other != id)
      options.peers.push_back(
          {other, "node-" + std::to_string(other.value), peer->keys.public_key, peer->address});
  return options;
}

void LiveLinks::start(NodeId id) {
  LiveNode& own = node(id);
  auto opened = ZmqLink::open(
      options_of(id), {own.arrivals, clock_, [&own](messages::LogLevel, const std::string& line) {
                         const std::lock_guard lock(own.log_mutex);
                         own.log.push_back(line);
                       }});
  BOOST_REQUIRE_MESSAGE(opened, (opened ? std::string{} : opened.reason()));
  own.link = std::move(opened).value();
}

void LiveLinks::send(Letter letter) { node(letter.cause.who.node).link->send(std::move(letter)); }

/// The envelope does not name its addressee's node.
std::vector<Letter> LiveLinks::received(NodeId id) {
  auto letters = node(id).arrivals.letters();
  for (auto& letter : letters) letter.send.to.node = id;
  return letters;
}

void LiveLinks::wait_until(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < end, "it never came to that");
    std::this_thread::yield();
  }
}

void LiveLinks::cut(NodeId from, NodeId to) { node(to).link->cut(from, true, false); }
void LiveLinks::restore(NodeId from, NodeId to) { node(to).link->cut(from, false, false); }

std::vector<std::string> LiveLinks::log_of(NodeId id) {
  const std::lock_guard lock(node(id).log_mutex);
  return node(id).log;
}

}  // namespace queenright::links
