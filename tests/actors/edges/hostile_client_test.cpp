#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>

#include "actors/edges/client_port.hpp"
#include "actors/sockets/curve_socket.hpp"
#include "messages/codec.hpp"
#include "tests/boot_clock.hpp"

/// Someone with the key of a client who says to a queen's port what no client says.
namespace queenright::edges {
namespace {

using messages::ClientRequest;
using messages::ClientResponse;

constexpr std::chrono::seconds patience{60};

/// Counts what gets through to the queen.
class QueensInbox : public messages::Inbox {
 public:
  void deliver(messages::RoleId, messages::TraceId, messages::Cause,
               messages::Input::Body) override {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  std::size_t waiting() const override { return 0; }

  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return count_ >= count; });
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
};

struct Hostile {
  Hostile() {
    auto opened = ClientPort::open(
        {{1}, queen, "tcp://127.0.0.1:0", {{own.public_key, "mallory"}}, {}},
        {inbox, clock,
         [](const std::string&, const messages::NodeQuestion&, const ClientPort::Answer&) {},
         [this](messages::LogLevel, const std::string& line) {
           const std::lock_guard lock(log_mutex);
           log.push_back(line);
         }});
    BOOST_REQUIRE(opened);
    port = std::move(opened).value();
    socket = sockets::connecting_dealer(context, own, queen.public_key);
    socket.set(zmq::sockopt::immediate, false);  // what is said first waits for the connection
    socket.set(zmq::sockopt::rcvtimeo,
               static_cast<int>(std::chrono::milliseconds{patience}.count()));
    socket.connect(port->address());
  }

  void say(const std::string& bytes) { socket.send(zmq::buffer(bytes), zmq::send_flags::none); }
  void say(const ClientRequest& request) { say(messages::encode_client_request(request)); }

  /// Why the last one was not taken.
  std::string refusal() {
    zmq::message_t answer;
    BOOST_REQUIRE(socket.recv(answer, zmq::recv_flags::none));
    const auto response = messages::decode_client_response(answer.to_string_view());
    BOOST_REQUIRE(response);
    return response.value().refused;
  }

  static ClientRequest request(std::vector<messages::Item> items) {
    return {messages::client_version, {7}, std::move(items), {}};
  }
  static ClientRequest submit() {
    return request({messages::Submit{{1}, {"mallory", 1}, messages::CancelRun{"why not"}}});
  }

  /// What is as it should be is taken as ever.
  void teardown() {
    const auto before = inbox.count();
    say(submit());
    BOOST_TEST(inbox.wait_for(before + 1));
    BOOST_TEST(inbox.count() == before + 1);
  }

  const BootClock clock;
  const sockets::KeyPair queen = sockets::new_key_pair();
  const sockets::KeyPair own = sockets::new_key_pair();
  QueensInbox inbox;
  std::mutex log_mutex;
  std::vector<std::string> log;
  std::unique_ptr<ClientPort> port;
  zmq::context_t context;
  zmq::socket_t socket;
};

BOOST_FIXTURE_TEST_SUITE(hostile_client, Hostile)

BOOST_AUTO_TEST_CASE(bytes_that_are_no_request_are_refused_and_told_of_once) {
  const std::string whole = messages::encode_client_request(submit());
  const std::vector<std::string> nonsense{std::string(100'000, '\xff'), std::string(1, '\0'),
                                          whole.substr(0, whole.size() - 1), whole + '\x07'};
  for (const auto& bytes : nonsense)
    for (int times = 0; times < 20; ++times) {
      say(bytes);
      BOOST_TEST(!refusal().empty());
    }
  BOOST_TEST(inbox.count() == 0U);
  const std::lock_guard lock(log_mutex);
  BOOST_TEST(log.size() <= nonsense.size());
}

BOOST_AUTO_TEST_CASE(a_request_that_is_cut_short_gives_no_command) {
  const std::string whole = messages::encode_client_request(submit());
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const auto cut = whole.substr(0, length);
    say(cut);
    const auto shorter = messages::decode_client_request(cut);  // one that only says "I am here"
    BOOST_TEST((shorter ? shorter.value().items.empty() : !refusal().empty()));
  }
  BOOST_TEST(inbox.count() == 0U);
}

BOOST_AUTO_TEST_CASE(other_versions_of_the_language_are_refused_with_both_numbers) {
  for (const std::uint32_t version : {0U, 2U, 4'000'000'000U}) {
    auto other = submit();
    other.version = version;
    say(other);
    BOOST_TEST(refusal() == "this queen speaks version 1 of the clients' language, not " +
                                std::to_string(version));
  }
}

BOOST_AUTO_TEST_CASE(what_only_nodes_say_is_refused) {
  const std::vector<messages::Item> items{
      messages::Contact{},  messages::Hello{},  messages::Claim{},   messages::Grant{},
      messages::Append{},   messages::Reply{},  messages::Applied{}, messages::Checkpoint{},
      messages::SinkAck{},  messages::Events{}, messages::Restore{}, messages::WorkerHello{},
      messages::Committed{}};
  for (const auto& item : items) {
    say(request({item}));
    BOOST_TEST(refusal() == "no client says that");
    say(request({messages::Watch{}, item}));  // hidden behind what one may say
    BOOST_TEST(refusal() == "no client says that");
  }
  BOOST_TEST(inbox.count() == 0U);
}

BOOST_AUTO_TEST_CASE(commands_that_only_circuits_give_are_refused) {
  const std::vector<messages::Command> commands{
      messages::TimePassed{},  messages::RunChanged{},   messages::RegisterWorker{},
      messages::OfferWorker{}, messages::AttemptEnded{}, messages::AbandonRun{},
      messages::WorkerLost{},  messages::WorkerJudged{}};
  for (const auto& command : commands) {
    say(request({messages::Submit{{1}, {"mallory", 1}, command}}));
    BOOST_TEST(refusal() == "no client gives that command");
  }
}

BOOST_AUTO_TEST_CASE(a_request_in_several_parts_is_refused) {
  socket.send(zmq::buffer(std::string("one")), zmq::send_flags::sndmore);
  say(submit());
  BOOST_TEST(refusal() == "a request is one part");
  BOOST_TEST(inbox.count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace queenright::edges
