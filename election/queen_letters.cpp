#include <algorithm>
#include <utility>

#include "election/queen.hpp"

/// What goes to other queens at the end of a step.
namespace queenright::election {

using messages::Item;
using messages::Release;

namespace {

template <class Kind>
bool has(const std::vector<Item>& items) {
  return std::any_of(items.begin(), items.end(),
                     [](const Item& item) { return std::holds_alternative<Kind>(item); });
}

bool is_held(const Item& item) { return release_of(item) == Release::held; }

}  // namespace

void Queen::say_hello(NodeId to) {
  Hello hello = support_.next_hello(to, step_.now);
  hello.adverts = tree_.adverts();
  hello.views = election_.views();
  hello.standing = election_.standing();
  letters_.to(to, std::move(hello));
}

/// One envelope to each queen for what promises nothing, and one for what waits for the sync;
/// each begins with the contact.
void Queen::send_letters() {
  auto letters = letters_.take();
  const auto own = letters.extract(state_.node);
  for (auto& [queen, items] : letters) {
    if (has<messages::Claim>(items) && !has<Hello>(items)) {  // R1: a claim rides on a hello
      say_hello(queen);
      auto hello = letters_.take();  // lives as long as the loop
      for (auto& item : hello[queen]) items.insert(items.begin(), std::move(item));
    }
    std::vector<Item> eager;
    std::vector<Item> held;
    eager.reserve(items.size() + 1);
    eager.emplace_back(support_.contact(queen));
    for (auto& item : items) {
      if (auto* grant = std::get_if<messages::Grant>(&item)) agreement_.complete(*grant);
      if (is_held(item) && held.empty()) held.push_back(eager.front());
      (is_held(item) ? held : eager).push_back(std::move(item));
    }
    const Address to{queen, messages::queen_role()};
    if (eager.size() > 1 || held.empty()) step_.effects->emit(messages::Send{to, std::move(eager)});
    if (!held.empty()) step_.effects->emit(messages::Send{to, std::move(held)});
  }
  if (!own.empty())
    for (auto& item : own.mapped()) step_.effects->send(own_address(), std::move(item));
  for (auto& [circuit, items] : letters_.take_orders())
    for (auto& item : items)
      step_.effects->send({state_.node, messages::circuit_role(circuit)}, std::move(item));
}

}  // namespace queenright::election
