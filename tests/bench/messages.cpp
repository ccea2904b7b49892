#include <caf/all.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <future>
#include <string>
#include <string_view>

#include "actors/host/node.hpp"
#include "actors/host/node_clock.hpp"
#include "actors/host/role_actor.hpp"
#include "messages/ensure.hpp"
#include "persistence/rocksdb_journal.hpp"

// bench_messages bare|stepped|logged DIRECTORY MESSAGES WINDOW: two local actors exchange submits
// and replies, WINDOW of them in flight, and the program prints how many a second.
//   bare     CAF alone: the handlers answer, there is no role
//   stepped  the roles below, whose effects are handed over without turn and journal
//   logged   the same roles on a node: turns, group commit, RocksDB; ends when all is synced
namespace {

using namespace queenright;
using messages::Address;
using messages::Effects;
using messages::ensure;
using messages::Envelope;
using messages::Input;
using messages::Item;
using messages::RoleId;

constexpr messages::NodeId node_id{1};
constexpr messages::CircuitId circuit{1};

// The asker is the last role that a node starts, so that the other is there to be asked.
const Address asker{node_id, messages::worker_role()};
const Address answerer{node_id, messages::queen_role()};
const Address client{node_id, {messages::RoleKind::client, 0}};

struct Load {
  std::uint64_t messages;
  std::uint64_t window;
};

Item question(std::uint64_t number) {
  return messages::Submit{circuit, {"bench", number}, messages::TimePassed{}};
}

Item answer_to(const Item& item) {
  return messages::Reply{
      circuit, std::get<messages::Submit>(item).key, messages::Answered::ok, {}, {}};
}

/// Which questions to ask, and when all are answered; each counts as two messages.
class Questions {
 public:
  explicit Questions(const Load& load) : total_(load.messages / 2), window_(load.window) {}

  void begin(const std::function<void(Item)>& ask) {
    while (asked_ < std::min(window_, total_)) ask(question(++asked_));
  }
  void answered(const std::function<void(Item)>& ask) {
    ++answered_;
    if (asked_ < total_) ask(question(++asked_));
  }
  bool done() const { return answered_ == total_; }

 private:
  std::uint64_t total_;
  std::uint64_t window_;
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
};

class Asker : public messages::Role {
 public:
  explicit Asker(const Load& load) : questions_(load) {}

  void step(Input input, Effects& effects) override {
    // One message for each question: `emit` does not coalesce as `send` would.
    const auto ask = [&](Item item) { effects.emit(messages::Send{answerer, {std::move(item)}}); };
    if (std::holds_alternative<messages::Booted>(input.body)) return questions_.begin(ask);
    questions_.answered(ask);
    if (questions_.done()) effects.send(client, messages::Events{circuit, {}});
  }
  std::string snapshot() const override { return {}; }
  std::string text() const override { return "{}"; }

 private:
  Questions questions_;
};

/// Answers; without a question it does nothing, so it stands for the node's other roles too.
class Answerer : public messages::Role {
 public:
  void step(Input input, Effects& effects) override {
    const auto* envelope = std::get_if<Envelope>(&input.body);
    if (envelope == nullptr) return;
    for (const auto& item : envelope->items) effects.send(envelope->from, answer_to(item));
  }
  std::string snapshot() const override { return {}; }
  std::string text() const override { return "{}"; }
};

class TwoRoles : public messages::Catalogue {
 public:
  explicit TwoRoles(const Load& load) : load_(load) {}

  std::unique_ptr<messages::Role> make(RoleId role) const override {
    if (role == asker.role) return std::make_unique<Asker>(load_);
    return std::make_unique<Answerer>();
  }
  messages::Result<std::unique_ptr<messages::Role>> restore(RoleId,
                                                            std::string_view) const override {
    return messages::Refusal{"nothing is ever restored here"};
  }
  std::unique_ptr<messages::Role> quarantine(RoleId, std::unique_ptr<messages::Role>, const Input&,
                                             const std::string&, Effects&) const override {
    return nullptr;
  }
  std::uint32_t version() const override { return 1; }

 private:
  Load load_;
};

host::Delivery delivery(const Address& from, std::vector<Item> items) {
  static std::atomic<std::size_t> waiting{0};  // a node counts, so this does
  return {{}, {from, {}}, Envelope{from, std::move(items)}, host::Waiting(waiting)};
}

/// Where effects go: to the other actor, or to whoever waits for the end. On a node only the
/// latter are left.
class Hall : public messages::Outlet {
 public:
  void release(messages::TraceId, messages::Cause cause, messages::Effect effect) override {
    auto& send = std::get<messages::Send>(effect.body);
    hand_over(cause.who, send.to, std::move(send.items));
  }
  void hand_over(const Address& from, const Address& to, std::vector<Item> items) {
    if (to == client) return finished_.set_value();
    caf::anon_send(to == asker ? asker_actor : answerer_actor, delivery(from, std::move(items)));
  }
  void wait() { finished_.get_future().wait(); }

  caf::actor asker_actor;
  caf::actor answerer_actor;

 private:
  std::promise<void> finished_;
};

caf::behavior stepped_actor(Hall& hall, const messages::Clock& clock, const Address& self,
                            std::shared_ptr<messages::Role> role) {
  return {[=, &hall, &clock](host::Delivery& taken) {
    Effects effects;
    role->step({taken.trace, taken.cause, clock.now(), clock.wall(), std::move(taken.body)},
               effects);
    for (auto& effect : effects.take()) hall.release({}, {self, {}}, std::move(effect));
  }};
}

caf::behavior bare_answerer(Hall& hall) {
  return {[&hall](host::Delivery& taken) {
    if (const auto* envelope = std::get_if<Envelope>(&taken.body))
      hall.hand_over(answerer, envelope->from, {answer_to(envelope->items.front())});
  }};
}

caf::behavior bare_asker(Hall& hall, const Load& load) {
  const auto questions = std::make_shared<Questions>(load);
  const auto ask = [&hall](Item item) { hall.hand_over(asker, answerer, {std::move(item)}); };
  return {[=, &hall](host::Delivery& taken) {
    if (std::holds_alternative<messages::Booted>(taken.body)) return questions->begin(ask);
    questions->answered(ask);
    if (questions->done()) hall.hand_over(asker, client, {});
  }};
}

/// Runs `exchange`, which returns when all is answered; gives messages a second.
double rate_of(const Load& load, const std::function<void()>& exchange) {
  const auto began = std::chrono::steady_clock::now();
  exchange();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return static_cast<double>(load.messages) / took.count();
}

double unlogged(const Load& load, bool bare) {
  const host::NodeClock clock;
  const TwoRoles catalogue(load);
  caf::actor_system_config config;
  caf::actor_system system(config);
  Hall hall;
  const auto spawn = [&](const Address& address) {
    return system.spawn([&, address] {
      if (!bare) return stepped_actor(hall, clock, address, catalogue.make(address.role));
      return address == asker ? bare_asker(hall, load) : bare_answerer(hall);
    });
  };
  std::atomic<std::size_t> booting{0};
  hall.asker_actor = spawn(asker);
  hall.answerer_actor = spawn(answerer);
  const double rate = rate_of(load, [&] {
    caf::anon_send(hall.asker_actor,
                   host::Delivery{{}, {}, messages::Booted{}, host::Waiting(booting)});
    hall.wait();
  });
  for (const auto& actor : {hall.asker_actor, hall.answerer_actor})
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  return rate;
}

[[noreturn]] void failed(const std::string& reason) {
  std::fprintf(stderr, "bench_messages: %s\n", reason.c_str());
  std::abort();
}

double logged(const Load& load, const std::filesystem::path& directory) {
  const host::NodeClock clock;
  const TwoRoles catalogue(load);
  auto opened = persistence::open_journal(directory / "journal");
  ensure(static_cast<bool>(opened), "the journal can be made");
  const auto journal = std::move(std::move(opened).value().journal);
  Hall hall;
  host::Node node({node_id, catalogue, *journal, hall, clock, failed, [] {}});
  messages::Booted booted;
  booted.node = node_id;
  booted.queens = {node_id};
  booted.worker.slots = 1;  // so that the node has both roles
  return rate_of(load, [&] {
    node.start({}, booted);
    hall.wait();
  });
}

}  // namespace

int main(int argc, char** argv) {
  ensure(argc == 5, "usage: bench_messages bare|stepped|logged DIRECTORY MESSAGES WINDOW");
  const std::string_view side = argv[1];
  ensure(side == "bare" || side == "stepped" || side == "logged", "the side is one of the three");
  const Load load{std::stoul(argv[3]), std::stoul(argv[4])};
  std::printf("%.0f\n", side == "logged" ? logged(load, argv[2]) : unlogged(load, side == "bare"));
}
