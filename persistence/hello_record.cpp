#include "persistence/hello_record.hpp"

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
using messages::number_of;
using messages::RoleKind;
using messages::Scalar;

constexpr std::uint32_t whole_every = 64;

bool are_hello(const std::vector<Item>& items) {
  if (items.empty() || items.size() > 2 || !std::holds_alternative<Contact>(items[0])) return false;
  return items.size() == 1 || std::holds_alternative<Hello>(items[1]);
}

/// Visits all in a hello that may differ from the last one.
template <class Last, class Visit>
void each_part(Last& last, Visit&& visit) {
  visit(last.sequence);
  visit(last.input.trace);
  visit(last.input.cause);
  visit(last.input.now);
  visit(last.input.wall);
  auto& envelope = std::get<Envelope>(last.input.body);
  visit(envelope.from);
  visit(std::get<Contact>(envelope.items[0]));
  if (envelope.items.size() > 1) visit(std::get<Hello>(envelope.items[1]));
}

/// Numbers in their order, and what each is likely to be in the next hello. How many there are,
/// and what they are of, is the shape.
struct Numbers {
  explicit Numbers(const LastHello& hello)
      : shape{std::get<Envelope>(hello.input.body).items.size()} {
    each_part(hello, [this](const auto& part) { take(part); });
  }

  template <Scalar T>
  void take(const T& value) {
    numbers.push_back(static_cast<std::uint64_t>(number_of(value)));
    expected.push_back(numbers.back());
  }
  void take(const HelloNumber& value) {
    numbers.push_back(value.value);
    expected.push_back(value.value + 1);
  }
  template <Described T>
  void take(const T& value) {
    T::fields(value, [this](int, const char*, const auto& field) { take(field); });
  }
  template <class T>
  void take(const std::vector<T>& list) {
    shape.push_back(list.size());
    for (const auto& element : list) take(element);
  }
  template <class K, class V>
  void take(const std::map<K, V>& map) {
    shape.push_back(map.size());
    for (const auto& [key, value] : map) {
      shape.push_back(static_cast<std::uint64_t>(number_of(key)));
      take(value);
    }
  }

  std::vector<std::uint64_t> numbers;
  std::vector<std::uint64_t> expected;
  std::vector<std::uint64_t> shape;
};

/// Puts numbers where Numbers found them.
class Assign {
 public:
  explicit Assign(const std::vector<std::uint64_t>& numbers) : next_(numbers.begin()) {}

  bool good() const { return good_; }

  template <Scalar T>
  void take(T& value) {
    using Number = decltype(number_of(value));
    good_ = assign_number(value, static_cast<Number>(*next_++)) && good_;
  }
  template <Described T>
  void take(T& value) {
    T::fields(value, [this](int, const char*, auto& field) { take(field); });
  }
  template <class T>
  void take(std::vector<T>& list) {
    for (auto& element : list) take(element);
  }
  template <class K, class V>
  void take(std::map<K, V>& map) {
    for (auto& [key, value] : map) take(value);
  }

 private:
  std::vector<std::uint64_t>::const_iterator next_;
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

/// For each number that is not as expected: how many before it are, and by how much it differs.
/// Empty: the two have different shapes, or all is as expected.
std::string difference(const LastHello& from, const LastHello& to) {
  const Numbers before(from);
  const Numbers after(to);
  std::string out;
  if (before.shape != after.shape) return out;
  std::size_t said = 0;
  for (std::size_t i = 0; i < after.numbers.size(); ++i) {
    const std::uint64_t by = after.numbers[i] - before.expected[i];
    if (by == 0) continue;
    append_varint(out, i - said);
    append_varint(out, zigzag(by));
    said = i + 1;
  }
  return out;
}

/// False: malformed.
bool add(LastHello& hello, std::string_view difference) {
  auto numbers = Numbers(hello).expected;
  messages::WireCursor in(difference);
  for (std::size_t at = 0; !in.at_end(); ++at) {
    std::uint64_t gap = 0;
    std::uint64_t by = 0;
    if (!in.read_varint(gap) || !in.read_varint(by) || gap >= numbers.size() - at) return false;
    at += gap;
    numbers[at] += difference_of(by);
  }
  Assign assign(numbers);
  each_part(hello, [&](auto& part) { assign.take(part); });
  return assign.good();
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

StoredRecord HelloShortener::shorten(const TurnRecord& hello) {
  auto input = messages::decode_input(hello.input);
  messages::ensure(input && is_hello(input.value()), "only a hello is stored as one");
  const auto& from = std::get<Envelope>(input.value().body).from;
  auto [place, fresh] = lines_.try_emplace({hello.role, from});
  auto& last = place->second;
  LastHello now{fresh ? static_cast<std::uint32_t>(lines_.size()) : last.line, 0, hello.role,
                hello.sequence, std::move(input).value()};
  StoredRecord stored;
  stored.line = now.line;
  stored.record.effects.assign(hello.effects.begin(), hello.effects.end());
  stored.record.failure = hello.failure;
  if (!fresh && last.since_whole + 1 < whole_every) stored.difference = difference(last, now);
  if (stored.difference.empty()) {
    stored.record.role = hello.role;
    stored.record.sequence = hello.sequence;
    stored.record.input = hello.input;
  } else {
    now.since_whole = last.since_whole + 1;
  }
  last = std::move(now);
  return stored;
}

bool HelloRestorer::restore(StoredRecord& stored) {
  if (stored.line == 0) return stored.difference.empty();
  auto& record = stored.record;
  if (stored.difference.empty()) {
    auto input = messages::decode_input(record.input);
    if (!input || !is_hello(input.value())) return false;
    lines_[stored.line] = {stored.line, 0, record.role, record.sequence, std::move(input).value()};
    return true;
  }
  const auto last = lines_.find(stored.line);
  if (last == lines_.end() || !add(last->second, stored.difference)) return false;
  record.role = last->second.role;
  record.sequence = last->second.sequence;
  record.input.clear();
  append_encoded(record.input, last->second.input);
  return true;
}

}  // namespace queenright::persistence
