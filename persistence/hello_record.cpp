#include "persistence/hello_record.hpp"

#include <algorithm>
#include <utility>

#include "messages/codec.hpp"
#include "messages/ensure.hpp"
#include "messages/fields.hpp"
#include "messages/wire_cursor.hpp"

namespace queenright::persistence {
namespace {

using messages::assign_number;
using messages::Contact;
using messages::Described;
using messages::Envelope;
using messages::Hello;
using messages::HelloNumber;
using messages::Input;
using messages::Item;
using messages::Map;
using messages::number_of;
using messages::RoleKind;
using messages::Scalar;

constexpr std::uint32_t whole_every = 64;

bool are_hello(const std::vector<Item>& items) {
  if (items.empty() || items.size() > 2 || !std::holds_alternative<Contact>(items[0])) return false;
  return items.size() == 1 || std::holds_alternative<Hello>(items[1]);
}

bool are_workers_hello(const std::vector<Item>& items) {
  return std::all_of(items.begin(), items.end(), [](const Item& item) {
    return std::holds_alternative<messages::WorkerHello>(item) ||
           std::holds_alternative<messages::WorkerHeard>(item);
  });
}

/// Visits all in a hello that may differ from the last one.
template <class Sequence, class Said, class Visit>
void each_part(Sequence& sequence, Said& hello, Visit&& visit) {
  visit(sequence);
  visit(hello.trace);
  visit(hello.cause);
  visit(hello.now);
  visit(hello.wall);
  auto& envelope = std::get<Envelope>(hello.body);
  visit(envelope.from);
  visit(std::get<Contact>(envelope.items[0]));
  if (envelope.items.size() > 1) visit(std::get<Hello>(envelope.items[1]));
}

/// Puts numbers where HelloNumbers found them.
template <class Next>
class Assign {
 public:
  explicit Assign(Next next) : next_(next) {}

  bool good() const { return good_; }

  template <Scalar T>
  void take(T& value) {
    using Number = decltype(number_of(value));
    good_ = assign_number(value, static_cast<Number>((next_++)->value)) && good_;
  }
  template <Described T>
  void take(T& value) {
    T::fields(value, [this](int, const char*, auto& field) { take(field); });
  }
  template <class T>
  void take(std::vector<T>& list) {
    for (auto& element : list) take(element);
  }
  template <Map T>
  void take(T& map) {
    for (auto& [key, value] : map) take(value);
  }

 private:
  Next next_;
  bool good_ = true;
};

void append_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) out.push_back(static_cast<char>(number | 0x80U));
  out.push_back(static_cast<char>(number));
}

std::uint64_t zigzag(std::uint64_t difference) {
  return (difference << 1U) ^ ((difference >> 63U) != 0 ? ~std::uint64_t{0} : 0);
}
std::uint64_t difference_of(std::uint64_t zigzagged) {
  return (zigzagged >> 1U) ^ (~(zigzagged & 1U) + 1U);
}

}  // namespace

bool is_hello(const Input& input) {
  const auto* envelope = std::get_if<Envelope>(&input.body);
  return envelope != nullptr && envelope->from.role.kind == RoleKind::queen &&
         are_hello(envelope->items);
}

bool says_hello(const messages::Effect& effect) {
  const auto* send = std::get_if<messages::Send>(&effect.body);
  return send != nullptr && send->to.role.kind == RoleKind::queen && are_hello(send->items);
}

bool is_workers_hello(const Input& input) {
  const auto* envelope = std::get_if<Envelope>(&input.body);
  return envelope != nullptr && are_workers_hello(envelope->items);
}

bool says_workers_hello(const messages::Effect& effect) {
  const auto* send = std::get_if<messages::Send>(&effect.body);
  return send != nullptr && are_workers_hello(send->items);
}

void StoredRecord::clear() {
  record.role = {};
  record.sequence = {};
  record.input.clear();
  record.effects.clear();
  record.failure.clear();
  record.decoded = nullptr;
  line = 0;
  difference.clear();
}

class HelloNumbers::Collector {
 public:
  explicit Collector(HelloNumbers& into) : into_(into) {}

  template <Scalar T>
  void take(const T& value) {
    into_.numbers_.push_back({static_cast<std::uint64_t>(number_of(value)), 0});
  }
  void take(const HelloNumber& value) { into_.numbers_.push_back({value.value, 1}); }
  template <Described T>
  void take(const T& value) {
    T::fields(value, [this](int, const char*, const auto& field) { take(field); });
  }
  template <class T>
  void take(const std::vector<T>& list) {
    into_.shape_.push_back(list.size());
    for (const auto& element : list) take(element);
  }
  template <Map T>
  void take(const T& map) {
    into_.shape_.push_back(map.size());
    for (const auto& [key, value] : map) {
      into_.shape_.push_back(static_cast<std::uint64_t>(number_of(key)));
      take(value);
    }
  }

 private:
  HelloNumbers& into_;
};

void HelloNumbers::take(messages::RoleSequence sequence, const Input& hello) {
  const auto& envelope = std::get<Envelope>(hello.body);
  from_ = envelope.from;
  numbers_.clear();
  shape_.assign(1, envelope.items.size());
  Collector collector(*this);
  each_part(sequence, hello, [&](const auto& part) { collector.take(part); });
}

std::string HelloNumbers::difference_from(const HelloNumbers& last) const {
  std::string out;
  if (last.shape_ != shape_) return out;
  std::size_t said = 0;
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    const std::uint64_t by = numbers_[i].value - last.numbers_[i].value - last.numbers_[i].step;
    if (by == 0) continue;
    append_varint(out, i - said);
    append_varint(out, zigzag(by));
    said = i + 1;
  }
  return out;
}

bool HelloNumbers::add(std::string_view difference, messages::RoleSequence& sequence,
                       Input& hello) {
  for (auto& number : numbers_) number.value += number.step;
  messages::WireCursor in(difference);
  for (std::size_t at = 0; !in.at_end(); ++at) {
    std::uint64_t gap = 0;
    std::uint64_t by = 0;
    if (!in.read_varint(gap) || !in.read_varint(by) || gap >= numbers_.size() - at) return false;
    at += gap;
    numbers_[at].value += difference_of(by);
  }
  Assign assign(numbers_.cbegin());
  each_part(sequence, hello, [&](auto& part) { assign.take(part); });
  return assign.good();
}

StoredRecord HelloShortener::shorten(const TurnRecord& turn) {
  messages::ensure(turn.hello != nullptr, "only a hello is stored as one");
  auto [place, fresh] = lines_.try_emplace({turn.role, turn.hello->from()});
  auto& line = place->second;
  if (fresh) line.number = static_cast<std::uint32_t>(lines_.size());
  StoredRecord stored;
  stored.line = line.number;
  stored.record.effects.assign(turn.effects.begin(), turn.effects.end());
  stored.record.failure = turn.failure;
  if (!fresh && line.since_whole + 1 < whole_every)
    stored.difference = turn.hello->difference_from(line.last);
  if (stored.difference.empty()) {
    stored.record.role = turn.role;
    stored.record.sequence = turn.sequence;
    stored.record.input = turn.input;
    line.since_whole = 0;
  } else {
    ++line.since_whole;
  }
  line.last = *turn.hello;
  return stored;
}

bool HelloRestorer::restore(StoredRecord& stored) {
  if (stored.line == 0) return stored.difference.empty();
  auto& record = stored.record;
  if (stored.difference.empty()) {
    auto input = messages::decode_input(record.input);
    if (!input || !is_hello(input.value())) return false;
    auto& line = lines_[stored.line];
    line = {record.role, record.sequence, std::move(input).value(), {}};
    record.decoded = &line.input;
    return true;
  }
  const auto last = lines_.find(stored.line);
  if (last == lines_.end()) return false;
  auto& line = last->second;
  if (line.numbers.empty()) line.numbers.take(line.sequence, line.input);
  if (!line.numbers.add(stored.difference, line.sequence, line.input)) return false;
  record.role = line.role;
  record.sequence = line.sequence;
  record.input.clear();
  append_encoded(record.input, line.input);
  record.decoded = &line.input;
  return true;
}

}  // namespace queenright::persistence
