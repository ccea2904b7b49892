#include <boost/test/unit_test.hpp>

#include "sim/world/network.hpp"
#include "tests/contract/link_contract.hpp"

namespace queenright::sim {
namespace {
BOOST_AUTO_TEST_SUITE(simulated_link)

/// Three nodes on a network without faults.
class SimulatedLinks : public contract::LinkWorld {
 public:
  void send(messages::Letter letter) override { network_.send(std::move(letter)); }
  std::vector<messages::Letter> received(messages::NodeId node) override { return received_[node]; }
  void wait_until(const std::function<bool()>& holds) override {
    while (!holds()) {
      BOOST_REQUIRE_MESSAGE(agenda_.next(), "it never came to that");
      agenda_.step();
    }
  }
  void cut(messages::NodeId from, messages::NodeId to) override { network_.cut(from, to); }
  void restore(messages::NodeId from, messages::NodeId to) override { network_.restore(from, to); }

 private:
  static Options still() {
    Options options;
    options.jitter = {};
    return options;
  }

  Agenda agenda_;
  std::map<messages::NodeId, std::vector<messages::Letter>> received_;
  Network network_{agenda_, still(), [this](messages::Letter letter) {
                     received_[letter.send.to.node].push_back(std::move(letter));
                   }};
};

QUEENRIGHT_LINK_CONTRACT(SimulatedLinks)
BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::sim
