#include "actors/edges/client_port.hpp"

#include <chrono>
#include <utility>

#include "actors/sockets/curve_socket.hpp"
#include "actors/sockets/routed.hpp"
#include "messages/codec.hpp"

namespace queenright::edges {

using messages::ClientRequest;
using messages::ClientResponse;
using messages::Envelope;
using messages::LogLevel;

namespace {

constexpr messages::Duration silence = std::chrono::seconds{10};
constexpr auto wait_at_rest = std::chrono::milliseconds{500};
constexpr auto wait_when_busy = std::chrono::milliseconds{5};
constexpr std::size_t most_visitors = 10'000;
constexpr int messages_a_turn = 1000;
constexpr std::size_t waiting_inputs = 10'000;  // with more the node has enough to do

/// No client is called so: nodes do.
const std::string node_mark = "node/";

bool is_node(const std::string& name) { return name.starts_with(node_mark); }

sockets::AllowList all_of(const ClientPort::Options& options) {
  auto all = options.clients;
  for (const auto& [key, name] : options.nodes) all[key] = node_mark + name;
  return all;
}

/// Why this visitor may not say that; empty: it may.
std::string unfit(const std::string& name, const ClientRequest& request) {
  if (is_node(name) && !request.items.empty()) return "a node only hands on artifacts here";
  for (const auto& question : request.questions) {
    if (!is_node(name) && question.what == "store") return "only nodes bring artifacts";
    if (is_node(name) && question.what != "store" && question.what != "artifact")
      return "a node only hands on artifacts here";
  }
  for (const auto& item : request.items)
    if (auto why = messages::unfit_for_a_client(item); !why.empty()) return why;
  return {};
}

ClientResponse refusal(const std::string& why) { return {messages::client_version, why, {}, {}}; }

}  // namespace

messages::Result<std::unique_ptr<ClientPort>> ClientPort::open(Options options, Ports ports) {
  std::unique_ptr<ClientPort> port(new ClientPort(std::move(options), std::move(ports)));
  try {
    port->begin();
  } catch (const zmq::error_t& error) {
    return messages::Refusal{"can't listen on " + port->options_.listen + ": " + error.what()};
  }
  return port;
}

ClientPort::ClientPort(Options options, Ports ports)
    : options_(std::move(options)),
      ports_(std::move(ports)),
      gatekeeper_(context_, all_of(options_)),
      now_(ports_.clock.now()) {}

void ClientPort::begin() {
  router_ = sockets::guarded_router(context_, options_.keys);
  address_ = sockets::bind(*router_, options_.listen);
  thread_ = std::thread([this] { run(); });
}

ClientPort::~ClientPort() { stop(); }

void ClientPort::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_up_.ring();
  if (thread_.joinable()) thread_.join();
}

void ClientPort::send(messages::Send send) {
  post({send.to.role.number, {messages::client_version, {}, std::move(send.items), {}}});
}

void ClientPort::admit(const std::string& key, const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    newcomers_[key] = name;
  }
  wake_up_.ring();
}

void ClientPort::admit_node(const std::string& key, const std::string& name) {
  admit(key, node_mark + name);
}

void ClientPort::admit_newcomers() {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, name] : newcomers_) gatekeeper_.admit(key, name);
  newcomers_.clear();
}

void ClientPort::post(Outgoing outgoing) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = posted_.empty();
    posted_.push_back(std::move(outgoing));
  }
  if (first) wake_up_.ring();
}

void ClientPort::run() {
  for (;;) {
    poll();
    wake_up_.silence();
    admit_newcomers();
    if (const auto key = gatekeeper_.answer(); !key.empty()) {
      ++refused_;
      tell(strangers_, "refused a client: its key is not on the list: " + key);
    }
    send_posted();
    forget_silent();
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
}

/// A node that has enough to do is asked for more after a while.
void ClientPort::poll() {
  const bool is_open = ports_.inbox.waiting() < waiting_inputs;
  std::vector<zmq::pollitem_t> polled{{nullptr, wake_up_.descriptor(), ZMQ_POLLIN, 0},
                                      {gatekeeper_.socket().handle(), 0, ZMQ_POLLIN, 0}};
  if (is_open) polled.push_back({router_->handle(), 0, ZMQ_POLLIN, 0});
  zmq::poll(polled, is_open ? wait_at_rest : wait_when_busy);
  now_ = ports_.clock.now();
  if (is_open) receive();
}

void ClientPort::receive() {
  for (int i = 0; i < messages_a_turn; ++i) {
    const auto arrival = sockets::receive(*router_);
    if (!arrival) return;
    if (arrival->is_one_part)
      take(arrival->route, arrival->sender, arrival->message);
    else
      refuse(arrival->route, arrival->sender, "a request is one part");
  }
}

void ClientPort::take(const std::string& route, const std::string& name,
                      const zmq::message_t& message) {
  auto request = messages::decode_client_request(message.to_string_view());
  if (!request) return refuse(route, name, request.reason());
  if (request.value().version != messages::client_version)
    return refuse(route, name,
                  "this queen speaks version " + std::to_string(messages::client_version) +
                      " of the clients' language, not " + std::to_string(request.value().version));
  if (const auto why = unfit(name, request.value()); !why.empty()) return refuse(route, name, why);
  if (Visitor* visitor = visitor_at(route, name))
    take(*visitor, std::move(request).value());
  else
    refuse(route, name, "there are too many clients at once");
}

ClientPort::Visitor* ClientPort::visitor_at(const std::string& route, const std::string& name) {
  const auto known = visitors_.find(route);
  if (known != visitors_.end()) return &known->second;
  if (visitors_.size() >= most_visitors) return nullptr;
  routes_[++last_number_] = route;
  return &visitors_.emplace(route, Visitor{last_number_, name, now_}).first->second;
}

void ClientPort::take(Visitor& visitor, ClientRequest request) {
  visitor.heard_at = now_;
  for (const auto& question : request.questions)
    ports_.ask(visitor.name, question, [this, to = visitor.number](messages::NodeAnswer answer) {
      post({to, {messages::client_version, {}, {}, {std::move(answer)}}});
    });
  if (request.items.empty()) return;
  for (auto& item : request.items) {
    if (std::holds_alternative<messages::Watch>(item)) visitor.watches = true;
    if (auto* submit = std::get_if<messages::Submit>(&item))
      if (auto* verdict = std::get_if<messages::ApproveStep>(&submit->command))
        verdict->approver = visitor.name;  // whatever it says
  }
  ports_.inbox.deliver(messages::queen_role(), request.trace, {},
                       Envelope{address_of(visitor), std::move(request.items)});
}

messages::Address ClientPort::address_of(const Visitor& visitor) const {
  return {options_.node, {messages::RoleKind::client, visitor.number}};
}

void ClientPort::send_posted() {
  std::vector<Outgoing> posted;
  {
    const std::lock_guard lock(mutex_);
    posted.swap(posted_);
  }
  for (const auto& outgoing : posted) {
    const auto route = routes_.find(outgoing.to);
    if (route != routes_.end() && !send(route->second, outgoing.response))
      forget(std::string(route->second));
  }
}

void ClientPort::refuse(const std::string& route, const std::string& who, const std::string& why) {
  ++refused_;
  tell(told_, "refused a request of client " + who + ": " + why);
  send(route, refusal(why));
}

void ClientPort::tell(sockets::ToldOnce& told, const std::string& line) const {
  if (const auto worth = told.worth_telling(line); !worth.empty())
    ports_.log(LogLevel::warning, worth);
}

/// False: it is gone, or takes nothing any more.
bool ClientPort::send(const std::string& route, const ClientResponse& response) {
  return sockets::send(*router_, route, messages::encode_client_response(response)) ==
         sockets::Sent::yes;
}

void ClientPort::forget(const std::string& route) {
  const auto visitor = visitors_.extract(route);
  if (visitor.empty()) return;
  routes_.erase(visitor.mapped().number);
  if (visitor.mapped().watches)
    ports_.inbox.deliver(messages::queen_role(), {}, {},
                         Envelope{address_of(visitor.mapped()), {messages::Unwatch{}}});
}

void ClientPort::forget_silent() {
  std::vector<std::string> silent;
  for (const auto& [route, visitor] : visitors_)
    if (now_ - visitor.heard_at > silence) silent.push_back(route);
  for (const auto& route : silent) forget(route);
}

}  // namespace queenright::edges
