#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "messages/ensure.hpp"
#include "messages/reader.hpp"
#include "messages/role.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

/// Roles that do as the text of their input says, for tests of what runs roles.
namespace queenright::toys {

inline constexpr messages::NodeId node{1};
inline messages::Address client() { return {node, {messages::RoleKind::client, 1}}; }
inline messages::RoleId circuit(std::uint64_t number) { return messages::circuit_role({number}); }

/// An input that tells a toy what to do (Toy::obey).
inline messages::Drain say(std::string word, std::int32_t number = 0) {
  return {std::move(word), number};
}

/// What a toy tells the client, as an effect.
inline messages::Item told(std::string what) {
  return messages::Events{{}, {{{}, {}, 0, {}, std::move(what), {}}}};
}

/// The inverse of `told`; empty: the effect is no such thing.
inline std::string what_was_told(const messages::Effect& effect) {
  const auto* send = std::get_if<messages::Send>(&effect.body);
  if (send == nullptr) return {};
  const auto* events = std::get_if<messages::Events>(&send->items.front());
  return events == nullptr ? std::string() : events->events.front().state;
}

struct ToyState {
  static constexpr auto name = "ToyState";
  std::uint64_t total{};
  std::uint64_t boots{};
  std::optional<messages::Instant> due;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "total", self.total);
    visit(2, "boots", self.boots);
    visit(3, "due", self.due);
  }
};

/// Gives what no role may use: for the toy that shows that it is noticed.
using Chance = std::function<std::uint64_t()>;

class Toy : public messages::Role {
 public:
  Toy(messages::RoleId id, ToyState state, Chance chance)
      : id_(id), state_(state), chance_(std::move(chance)) {}

  void step(messages::Input input, messages::Effects& effects) override {
    if (std::holds_alternative<messages::Booted>(input.body)) {
      ++state_.boots;
      tell(effects, "booted " + std::to_string(state_.boots));
    } else if (std::holds_alternative<messages::Due>(input.body)) {
      state_.due.reset();
      tell(effects, "due");
    } else if (const auto* word = std::get_if<messages::Drain>(&input.body)) {
      obey(word->reason, word->exit_code, input.now, effects);
    } else if (const auto* envelope = std::get_if<messages::Envelope>(&input.body)) {
      for (const auto& item : envelope->items)
        if (std::holds_alternative<messages::Submit>(item)) ++state_.total;
    }
  }

  std::optional<messages::Instant> deadline() const override { return state_.due; }
  std::string snapshot() const override { return 'T' + messages::encode(state_); }
  std::string text() const override { return messages::to_text(state_); }
  const ToyState& state() const { return state_; }

 private:
  void obey(const std::string& word, std::int32_t number, messages::Instant now,
            messages::Effects& effects) {
    if (word == "add") {
      state_.total += static_cast<std::uint64_t>(number);
    } else if (word == "tell") {
      tell(effects,
           "total " + std::to_string(state_.total) + ", boots " + std::to_string(state_.boots));
    } else if (word == "break") {
      state_.total += 1000;
      tell(effects, "half-made");
      messages::ensure(false, "a toy holds");
    } else if (word == "due") {
      state_.due = now + std::chrono::milliseconds{number};
    } else if (word == "pass") {  // the circuit of that number adds 1
      const auto other = circuit(static_cast<std::uint64_t>(number));
      effects.send({node, other}, messages::Submit{});
    } else if (word == "hold") {
      effects.send({node, id_}, messages::Self{{}, {}, state_.total});
    } else if (word == "roll") {
      tell(effects, "rolled " + std::to_string(chance_()));
    } else if (word == "retire") {
      effects.emit(messages::Retire{id_});
    } else {
      messages::ensure(false, "a toy knows the word");
    }
  }

  void tell(messages::Effects& effects, const std::string& what) const {
    effects.send(client(), told(name_of(id_) + ": " + what));
  }

  const messages::RoleId id_;
  ToyState state_;
  const Chance chance_;
};

struct BrokenToyState {
  static constexpr auto name = "BrokenToyState";
  std::string reason;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "reason", self.reason);
  }
};

/// Stands in the place of a circuit that broke, and tells whoever speaks to it why.
class QuarantinedToy : public messages::Role {
 public:
  explicit QuarantinedToy(BrokenToyState state) : state_(std::move(state)) {}

  void step(messages::Input, messages::Effects& effects) override {
    effects.send(client(), told("quarantined: " + state_.reason));
  }
  std::string snapshot() const override { return 'Q' + messages::encode(state_); }
  std::string text() const override { return messages::to_text(state_); }

 private:
  BrokenToyState state_;
};

/// Every role is a toy; a circuit other than the hive's is quarantined when it breaks.
class ToyCatalogue : public messages::Catalogue {
 public:
  explicit ToyCatalogue(Chance chance = [] { return std::uint64_t{0}; })
      : chance_(std::move(chance)) {}

  std::unique_ptr<messages::Role> make(messages::RoleId role) const override {
    return std::make_unique<Toy>(role, ToyState{}, chance_);
  }

  messages::Result<std::unique_ptr<messages::Role>> restore(
      messages::RoleId role, std::string_view snapshot) const override {
    std::unique_ptr<messages::Role> restored;
    if (snapshot.starts_with('T')) {
      const auto state = messages::decode<ToyState>(snapshot.substr(1));
      if (state) restored = std::make_unique<Toy>(role, state.value(), chance_);
    } else if (snapshot.starts_with('Q')) {
      const auto state = messages::decode<BrokenToyState>(snapshot.substr(1));
      if (state) restored = std::make_unique<QuarantinedToy>(state.value());
    }
    if (restored == nullptr) return messages::Refusal{"no toy of this version"};
    return restored;
  }

  std::unique_ptr<messages::Role> quarantine(messages::RoleId role,
                                             std::unique_ptr<messages::Role> /*broken*/,
                                             const messages::Input& input,
                                             const std::string& reason,
                                             messages::Effects& effects) const override {
    if (role.kind != messages::RoleKind::circuit || role.number == 0) return nullptr;
    auto quarantined = std::make_unique<QuarantinedToy>(BrokenToyState{reason});
    quarantined->step(input, effects);
    return quarantined;
  }

  std::uint32_t version() const override { return 1; }

 private:
  const Chance chance_;
};

}  // namespace queenright::toys
