#include "actors/links/zmq_link.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "actors/sockets/curve_socket.hpp"
#include "actors/sockets/routed.hpp"
#include "messages/codec.hpp"

namespace queenright::links {

using messages::Instant;
using messages::Letter;
using messages::LogLevel;
using messages::NodeId;
using messages::RoleKind;

namespace {

constexpr auto longest_wait = std::chrono::milliseconds{100};
constexpr messages::Duration publish_every = std::chrono::milliseconds{100};
constexpr int messages_a_turn = 1000;  // of one socket, before the others have theirs

sockets::AllowList allow_list(const std::vector<PeerSpec>& peers) {
  sockets::AllowList allowed;
  for (const auto& peer : peers) allowed[peer.public_key] = peer.public_key;
  return allowed;
}

/// What one node may say to another's.
bool is_spoken_to(const messages::Address& to) {
  return to.role == messages::queen_role() || to.role == messages::worker_role();
}

}  // namespace

messages::Result<std::unique_ptr<ZmqLink>> ZmqLink::open(Options options, Ports ports) {
  std::unique_ptr<ZmqLink> link(new ZmqLink(std::move(options), std::move(ports)));
  try {
    link->begin();
  } catch (const zmq::error_t& error) {
    return messages::Refusal{"can't listen on " + link->options_.listen + ": " + error.what()};
  }
  return link;
}

ZmqLink::ZmqLink(Options options, Ports ports)
    : options_(std::move(options)),
      ports_(std::move(ports)),
      gatekeeper_(context_, allow_list(options_.peers)),
      now_(ports_.clock.now()) {}

void ZmqLink::begin() {
  if (!options_.listen.empty()) {
    router_ = sockets::guarded_router(context_, options_.keys);
    address_ = sockets::bind(*router_, options_.listen);
  }
  for (const auto& spec : options_.peers) open_peer(spec);
  thread_ = std::thread([this] { run(); });
}

void ZmqLink::open_peer(PeerSpec spec) {
  auto peer = std::make_unique<Peer>(context_, options_.keys, options_.self, std::move(spec));
  if (router_) peer->router = &*router_;
  by_key_[peer->spec().public_key] = peer.get();
  peers_[peer->spec().node] = std::move(peer);
}

ZmqLink::~ZmqLink() { stop(); }

void ZmqLink::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_up_.ring();
  if (thread_.joinable()) thread_.join();
}

void ZmqLink::send(Letter letter) {
  const NodeId to = letter.send.to.node;
  const bool fleeting = is_fleeting(letter);
  std::string encoded = messages::encode_letter(letter);
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = posted_.empty();
    posted_.push_back({to, std::move(encoded), fleeting});
  }
  if (first) wake_up_.ring();
}

LinkFigures ZmqLink::figures() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

void ZmqLink::add(PeerSpec peer) {
  {
    const std::lock_guard lock(mutex_);
    newcomers_.push_back(std::move(peer));
  }
  wake_up_.ring();
}

void ZmqLink::cut(NodeId node, bool from_there, bool to_there) {
  const std::lock_guard lock(mutex_);
  cuts_[node] = {from_there, to_there};
}

ZmqLink::Cut ZmqLink::cut_of(NodeId node) const {
  const auto found = cuts_now_.find(node);
  return found == cuts_now_.end() ? Cut{} : found->second;
}

void ZmqLink::run() {
  for (;;) {
    poll();
    now_ = ports_.clock.now();
    wake_up_.silence();
    take_posted();
    if (const auto refused = gatekeeper_.answer(); !refused.empty())
      refuse(strangers_, refused, "its key is not on the list");
    for (auto& [node, peer] : peers_) {
      if (peer->take_events()) {
        ports_.log(LogLevel::debug, "a connection to " + peer->spec().name + " broke");
        peer->begin_probing(now_);
      }
      if (peer->probe(now_)) is_over(*peer, "its host refuses connections");
      receive(*peer);
    }
    if (router_) receive_callers();
    flush();
    if (now_ >= publish_at_) publish();
    const std::lock_guard lock(mutex_);
    if (stopping_) break;
  }
  for (auto& [node, peer] : peers_) peer->say_goodbye(now_);
}

void ZmqLink::poll() {
  std::vector<zmq::pollitem_t> polled{{nullptr, wake_up_.descriptor(), ZMQ_POLLIN, 0},
                                      {gatekeeper_.socket().handle(), 0, ZMQ_POLLIN, 0}};
  if (router_) polled.push_back({router_->handle(), 0, ZMQ_POLLIN, 0});
  for (auto& [node, peer] : peers_) peer->add_to(polled);
  zmq::poll(polled, std::chrono::milliseconds{patience()});
}

/// Milliseconds until something is to be done unasked.
int ZmqLink::patience() const {
  const Instant now = ports_.clock.now();
  messages::Duration wait = longest_wait;
  for (const auto& [node, peer] : peers_)
    if (const auto wake = peer->next_wake()) wait = std::min(wait, *wake - now);
  if (wait <= messages::Duration{}) return 0;
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count());
}

void ZmqLink::take_posted() {
  std::vector<Posted> posted;
  std::vector<PeerSpec> newcomers;
  {
    const std::lock_guard lock(mutex_);
    posted.swap(posted_);
    newcomers.swap(newcomers_);
    cuts_now_ = cuts_;
  }
  for (auto& newcomer : newcomers) {
    gatekeeper_.admit(newcomer.public_key, newcomer.public_key);
    open_peer(std::move(newcomer));
  }
  for (auto& one : posted) {
    const auto peer = peers_.find(one.to);
    if (peer == peers_.end())
      ++figures_.refused["a letter to a node that is not on the list"];
    else if (peer->second->conversation().add(std::move(one.letter), one.fleeting))
      ++figures_.letters_out;
    else if (!one.fleeting)
      ++figures_.letters_lost;
  }
}

/// From those who connect here.
void ZmqLink::receive_callers() {
  for (int i = 0; i < messages_a_turn; ++i) {
    const auto arrival = sockets::receive(*router_);
    if (!arrival) return;
    const auto peer = by_key_.find(arrival->sender);
    if (peer == by_key_.end() || !arrival->is_one_part) {
      refuse(told_, peer == by_key_.end() ? arrival->sender : peer->second->spec().name,
             "it sent what is no frame");
      continue;
    }
    take(*peer->second, arrival->message, arrival->route);
  }
}

void ZmqLink::receive(Peer& peer) {
  if (peer.socket() == nullptr) return;
  for (int i = 0; i < messages_a_turn; ++i) {
    zmq::message_t message;
    if (!peer.socket()->recv(message, zmq::recv_flags::dontwait)) return;
    take(peer, message);
  }
}

/// `route`: by which it came in on the node's own socket.
void ZmqLink::take(Peer& peer, const zmq::message_t& message,
                   const std::optional<std::string>& route) {
  if (cut_of(peer.spec().node).from_there) return;
  auto frame = messages::decode_frame(message.to_string_view());
  if (!frame) return refuse(told_, peer.spec().name, "it sent what is no frame");
  const auto incarnation = frame.value().incarnation;
  auto taken = peer.conversation().take(std::move(frame).value(), now_);
  if (taken.dismissal) peer.dismiss(std::move(*taken.dismissal), route, now_);
  if (!taken.refused.empty()) return refuse(told_, peer.spec().name, taken.refused);
  if (route) peer.came_by(*route);
  peer.spoke_from(sockets::host_of(message));
  if (!taken.dismissed.empty()) ports_.dismissed(peer.spec().name + " says: " + taken.dismissed);
  ++figures_.frames_in;
  if (taken.goodbye) return is_over(peer, "it said goodbye");
  peer.incarnation = std::max(peer.incarnation, incarnation);
  for (const auto& bytes : taken.letters) {
    auto letter = messages::decode_letter(bytes);
    if (letter)
      deliver(peer, std::move(letter).value());
    else
      refuse(told_, peer.spec().name, "it sent what is no letter");
  }
}

void ZmqLink::deliver(Peer& peer, Letter letter) {
  const messages::Address& from = letter.cause.who;
  auto& [to, items] = letter.send;
  if (from.node != peer.spec().node || to.node != options_.self.node || !is_spoken_to(to) ||
      from.role.kind == RoleKind::client)
    return refuse(told_, peer.spec().name,
                  "it sent a letter in another one's name, or to nobody here");
  if (!items.empty())
    if (const auto* contact = std::get_if<messages::Contact>(&items.front()))
      peer.incarnation = std::max(peer.incarnation, messages::incarnation_of(contact->session));
  ++figures_.letters_in;
  ports_.inbox.deliver(to.role, letter.trace, letter.cause,
                       messages::Envelope{from, std::move(items)});
}

/// R17: E1, E3.
void ZmqLink::is_over(Peer& peer, const std::string& how) {
  peer.conversation().forget();
  ports_.log(LogLevel::info, peer.spec().name + " is over: " + how);
  ports_.inbox.deliver(messages::queen_role(), {}, {},
                       messages::PeerExited{peer.spec().node, peer.incarnation});
}

/// Counted each time, told once.
void ZmqLink::refuse(sockets::ToldOnce& told, const std::string& who, const std::string& why) {
  ++figures_.refused[why];
  if (const auto worth = told.worth_telling("refused " + who + ": " + why); !worth.empty())
    ports_.log(LogLevel::warning, worth);
}

void ZmqLink::flush() {
  const bool full = ports_.inbox.waiting() > options_.waiting_inputs;
  for (auto& [node, peer] : peers_)
    figures_.bytes_out += peer->flush(now_, full ? 0 : options_.room, cut_of(node).to_there);
}

void ZmqLink::publish() {
  publish_at_ = now_ + publish_every;
  for (const auto& [node, peer] : peers_) {
    auto& told = figures_.peers[node];
    const auto& conversation = peer->conversation();
    told.name = peer->spec().name;
    told.heard_lately =
        conversation.ever_heard() && now_ - conversation.heard_at() < options_.silence;
    told.repeated = conversation.outgoing().repeated();
    told.waiting_bytes = conversation.outgoing().waiting_bytes();
    told.round_trip = conversation.round_trip();
  }
  const std::lock_guard lock(mutex_);
  published_ = figures_;
}

}  // namespace queenright::links
