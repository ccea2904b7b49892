#include "actors/links/peer.hpp"

#include <chrono>
#include <utility>

#include "actors/sockets/routed.hpp"
#include "messages/codec.hpp"

namespace queenright::links {

using messages::Frame;
using messages::Instant;

namespace {

constexpr int probes = 6;  // the last one after 1 + 2 + ... + 16 ms
constexpr auto first_pause = std::chrono::milliseconds{1};
constexpr auto between_dismissals = std::chrono::seconds{1};

}  // namespace

Peer::Peer(zmq::context_t& context, const sockets::KeyPair& own, const Identity& self,
           PeerSpec spec)
    : spec_(std::move(spec)), conversation_(self, spec_.node) {
  if (spec_.address.empty()) return;
  dealer_.emplace(context, own, spec_.public_key, spec_.address);
}

std::uint64_t Peer::flush(Instant now, std::uint64_t room, bool cut) {
  std::uint64_t sent = 0;
  while (can_send()) {
    auto frame = conversation_.next(now, room);
    if (!frame) break;
    if (!cut && !send(*frame, sent)) {
      conversation_.unsent(*frame, now);
      break;
    }
  }
  return sent;
}

/// False: the socket takes nothing at present.
bool Peer::send(const Frame& frame, std::uint64_t& bytes) {
  const std::string encoded = messages::encode_frame(frame);
  bytes += encoded.size();
  if (dealer_) {
    return dealer_->socket().send(zmq::buffer(encoded), zmq::send_flags::dontwait).has_value();
  }
  const auto sent = sockets::send(*router, route_, encoded);
  if (sent == sockets::Sent::gone) route_.clear();
  return sent == sockets::Sent::yes;
}

void Peer::say_goodbye(Instant now) {
  std::uint64_t bytes = 0;
  if (can_send()) send(conversation_.goodbye(now), bytes);
}

void Peer::came_by(const std::string& route) {
  if (route_ == route) return;
  route_ = route;
  conversation_.connected();
}

/// What is lost of this is said again to the next frame.
void Peer::dismiss(Frame dismissal, const std::optional<std::string>& route, Instant now) {
  if (now < may_dismiss_) return;
  may_dismiss_ = now + between_dismissals;
  if (!place_.empty()) dismissal.dismissal.reason += ", from " + place_;
  const std::string answer = messages::encode_frame(dismissal);
  if (route)
    sockets::send(*router, *route, answer);
  else if (dealer_)
    static_cast<void>(dealer_->socket().send(zmq::buffer(answer), zmq::send_flags::dontwait));
}

bool Peer::take_events() {
  bool broke = false;
  if (!dealer_) return broke;
  for (const auto event : dealer_->take_events()) {
    connected_ = event == sockets::WatchedDealer::Event::connected;
    broke = broke || !connected_;
    if (!connected_) continue;
    conversation_.connected();
    look_up();
  }
  return broke;
}

/// A host may have another address by now, whose refusals would prove nothing of this process. The
/// resolver may take its time, and hellos don't wait for it.
void Peer::look_up() {
  endpoint_.reset();
  const bool is_looking = resolving_.valid() && !is_resolved();
  if (!is_looking) resolving_ = std::async(std::launch::async, resolve, spec_.address);
}

bool Peer::is_resolved() const {
  return resolving_.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

void Peer::begin_probing(Instant now) {
  if (resolving_.valid() && is_resolved()) endpoint_ = resolving_.get();
  if (!endpoint_) return;
  probes_left_ = probes;
  probe_again_ = now;
}

bool Peer::probe(Instant now) {
  if (probe_again_ && *probe_again_ <= now) {
    probe_again_.reset();
    --probes_left_;
    probe_ = std::make_unique<ExitProbe>(*endpoint_);
  }
  if (!probe_) return false;
  const auto finding = probe_->finding();
  if (finding == ExitProbe::Finding::none_yet) return false;
  probe_.reset();
  if (finding == ExitProbe::Finding::refused) {
    end_probing();
    return true;
  }
  if (finding == ExitProbe::Finding::listens && probes_left_ > 0)
    probe_again_ = now + first_pause * (1 << (probes - 1 - probes_left_));
  return false;
}

void Peer::end_probing() {
  probes_left_ = 0;
  probe_again_.reset();
}

std::optional<Instant> Peer::next_wake() const {
  auto wake = can_send() ? conversation_.next_wake() : std::nullopt;
  if (probe_again_ && (!wake || *probe_again_ < *wake)) wake = probe_again_;
  return wake;
}

void Peer::add_to(std::vector<zmq::pollitem_t>& polled) {
  if (dealer_) dealer_->add_to(polled);
  if (probe_) polled.push_back({nullptr, probe_->descriptor(), ZMQ_POLLOUT, 0});
}

}  // namespace queenright::links
