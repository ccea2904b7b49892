#include "actors/edges/hive_connection.hpp"

#include <utility>

#include "messages/codec.hpp"

namespace queenright::edges {

using messages::ClientRequest;
using std::chrono::steady_clock;

namespace {

constexpr auto patience_to_connect = std::chrono::milliseconds{400};
constexpr auto keep_alive_every = std::chrono::seconds{1};
constexpr auto next_look = std::chrono::milliseconds{100};

}  // namespace

HiveConnection::HiveConnection(Options options, Hooks hooks)
    : options_(std::move(options)), hooks_(std::move(hooks)) {
  thread_ = std::thread([this] { run(); });
}

HiveConnection::~HiveConnection() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_up_.ring();
  thread_.join();
}

void HiveConnection::say(ClientRequest request) {
  request.version = messages::client_version;
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(request));
  }
  wake_up_.ring();
}

void HiveConnection::move_on() {
  {
    const std::lock_guard lock(mutex_);
    move_on_ = true;
  }
  wake_up_.ring();
}

void HiveConnection::run() {
  connect();
  for (;;) {
    std::vector<zmq::pollitem_t> polled{{nullptr, wake_up_.descriptor(), ZMQ_POLLIN, 0}};
    dealer_->add_to(polled);
    zmq::poll(polled, next_look);
    wake_up_.silence();
    receive();
    take_events();
    bool wanted = false;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      wanted = std::exchange(move_on_, false);
    }
    const bool unreached = is_time_to_move();
    if (unreached) hooks_.unreached(refused_);
    if (wanted || unreached) {
      connected_ = false;
      at_ = (at_ + 1) % options_.queens.size();
      connect();
    }
    send_posted();
  }
}

bool HiveConnection::is_time_to_move() const {
  return !connected_ && (refused_ || steady_clock::now() - since_ > patience_to_connect);
}

void HiveConnection::connect() {
  const Queen& queen = options_.queens[at_];
  dealer_.emplace(context_, options_.keys, queen.public_key, queen.address);
  since_ = steady_clock::now();
  refused_ = false;
}

void HiveConnection::take_events() {
  for (const auto event : dealer_->take_events()) {
    const std::string& queen = options_.queens[at_].name;
    if (event == sockets::WatchedDealer::Event::connected) {
      connected_ = true;
      hooks_.connected(queen);
    } else if (event == sockets::WatchedDealer::Event::refused) {
      refused_ = true;
    } else if (std::exchange(connected_, false)) {
      hooks_.lost(queen);
      since_ = {};  // on to the next one at once
    }
  }
}

void HiveConnection::receive() {
  zmq::message_t message;
  while (dealer_->socket().recv(message, zmq::recv_flags::dontwait)) {
    auto response = messages::decode_client_response(message.to_string_view());
    if (response) hooks_.take(std::move(response).value());
  }
}

void HiveConnection::send_posted() {
  std::vector<ClientRequest> posted;
  {
    const std::lock_guard lock(mutex_);
    posted.swap(posted_);
  }
  if (!connected_) return;
  const auto now = steady_clock::now();
  if (posted.empty() && now - said_last_ > keep_alive_every)
    posted.push_back({messages::client_version, {}, {}, {}});
  for (const auto& request : posted) {
    static_cast<void>(dealer_->socket().send(zmq::buffer(messages::encode_client_request(request)),
                                             zmq::send_flags::dontwait));
    said_last_ = now;
  }
}

}  // namespace queenright::edges
