#include "tests/messages/random_messages.hpp"

#include <array>
#include <limits>

#include "messages/codec.hpp"

namespace queenright::messages {
namespace {

/// Fills described values: every field, every alternative, the extremes of numbers.
class Filler {
 public:
  explicit Filler(std::uint64_t seed) : random_(seed) {}

  template <Scalar T>
  void fill(T& value) {
    if constexpr (std::is_enum_v<T>)
      value = static_cast<T>(random_.below(static_cast<std::size_t>(last_enumerator(T{})) + 1));
    else if constexpr (is_id<T>)
      fill(value.value);
    else if constexpr (std::same_as<T, Duration>)
      value = Duration{number<std::int64_t>()};
    else if constexpr (std::same_as<T, Instant>)
      value = Instant{Duration{number<std::int64_t>()}};
    else if constexpr (std::same_as<T, WallTime>)
      value = WallTime{number<std::int64_t>()};
    else if constexpr (std::same_as<T, bool>)
      value = random_.below(2) == 1;
    else
      value = number<T>();
  }
  void fill(std::string& text) {
    static constexpr std::array<const char*, 5> pieces{"a", "queen ", "\xC3\xA9", "\"\n", "0"};
    text.clear();
    for (std::size_t left = random_.below(12); left > 0; --left)
      text += pieces[random_.below(pieces.size())];
  }
  void fill(Value& value) { fill(value, 3); }
  template <Described T>
  void fill(T& value) {
    T::fields(value, [this](int, const char*, auto& field) { fill(field); });
  }
  template <class T>
  void fill(std::vector<T>& list) {
    list.resize(random_.below(4));
    for (auto& element : list) fill(element);
  }
  template <Map T>
  void fill(T& map) {
    map.clear();
    for (std::size_t left = random_.below(4); left > 0; --left) {
      typename T::key_type key{};
      fill(key);
      fill(map[key]);
    }
  }
  template <class T>
  void fill(std::optional<T>& value) {
    value.reset();
    if (random_.below(2) == 1) fill(value.emplace());
  }
  template <class... T>
  void fill(std::variant<T...>& value) {
    alternative(value, random_.below(sizeof...(T)));
  }
  template <class... T>
  void alternative(std::variant<T...>& value, std::size_t index) {
    pick(value, index, std::index_sequence_for<T...>{});
  }

 private:
  template <class T>
  T number() {
    switch (random_.below(6)) {
      case 0: return 0;
      case 1: return std::numeric_limits<T>::max();
      case 2: return std::numeric_limits<T>::min();
      case 3: return static_cast<T>(random_.draw());
      default: return static_cast<T>(random_.below(100));
    }
  }
  void fill(Value& value, std::size_t depth) {
    switch (random_.below(depth == 0 ? 4 : 6)) {
      case 0: value = Value(); return;
      case 1: value = Value(random_.below(2) == 1); return;
      case 2: value = Value(number<std::int64_t>()); return;
      case 3: fill(value.kind().emplace<std::string>()); return;
      case 4: {
        auto& list = value.kind().emplace<Value::List>(random_.below(4));
        for (auto& element : list) fill(element, depth - 1);
        return;
      }
      default: {
        auto& map = value.kind().emplace<Value::Map>();
        for (std::size_t left = random_.below(4); left > 0; --left) {
          std::string key;
          fill(key);
          fill(map[key], depth - 1);
        }
      }
    }
  }
  template <class Variant, std::size_t... Index>
  void pick(Variant& value, std::size_t index, std::index_sequence<Index...>) {
    ((Index == index ? fill(value.template emplace<Index>()) : void()), ...);
  }

  Random random_;
};

}  // namespace

/// splitmix64
std::uint64_t Random::draw() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

Input random_input(std::uint64_t seed) {
  Input input;
  Filler(seed).fill(input);
  return input;
}

Input random_input(std::uint64_t seed, std::size_t body) {
  Input input = random_input(seed);
  Filler(seed).alternative(input.body, body);
  return input;
}

Effect random_effect(std::uint64_t seed) {
  Effect effect;
  Filler(seed).fill(effect);
  return effect;
}

Effect random_effect(std::uint64_t seed, std::size_t body) {
  Effect effect;
  Filler(seed).alternative(effect.body, body);
  return effect;
}

Item random_item(std::uint64_t seed, std::size_t kind) {
  Item item;
  Filler(seed).alternative(item, kind);
  return item;
}

template <class T>
T random_message(std::uint64_t seed) {
  T message;
  Filler(seed).fill(message);
  return message;
}

Letter random_letter(std::uint64_t seed) { return random_message<Letter>(seed); }
Frame random_frame(std::uint64_t seed) { return random_message<Frame>(seed); }
ClientRequest random_client_request(std::uint64_t seed) {
  return random_message<ClientRequest>(seed);
}
ClientResponse random_client_response(std::uint64_t seed) {
  return random_message<ClientResponse>(seed);
}

std::string bytes_of(const Input& input) {
  std::string bytes;
  append_encoded(bytes, input);
  return bytes;
}

std::string bytes_of(const Effect& effect) {
  std::string bytes;
  append_encoded(bytes, effect);
  return bytes;
}

std::string bytes_of(const Letter& letter) { return encode_letter(letter); }
std::string bytes_of(const Frame& frame) { return encode_frame(frame); }
std::string bytes_of(const ClientRequest& request) { return encode_client_request(request); }
std::string bytes_of(const ClientResponse& response) { return encode_client_response(response); }

}  // namespace queenright::messages
