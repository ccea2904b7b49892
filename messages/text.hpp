#pragma once

#include <string>

#include "messages/fields.hpp"

namespace queenright::messages {

/// Prints described values as compact JSON, for people and tools that look at a recording.
/// An alternative is an object with one key, its name.
class TextPrinter {
 public:
  explicit TextPrinter(std::string& out) : out_(out) {}

  template <Scalar T>
  void print(const T& value) {
    if constexpr (std::same_as<T, bool>)
      out_ += value ? "true" : "false";
    else
      out_ += std::to_string(number_of(value));
  }
  void print(const std::string& value) { append_json_string(out_, value); }
  void print(const Value& value) { out_ += to_json(value); }
  template <Described T>
  void print(const T& value) {
    out_ += '{';
    bool first = true;
    T::fields(value, [&](int, const char* name, const auto& field) {
      if (!first) out_ += ',';
      first = false;
      (out_ += '"').append(name) += "\":";
      print(field);
    });
    out_ += '}';
  }
  template <class T>
  void print(const std::vector<T>& list) {
    print_list(list);
  }
  template <class T>
  void print(const std::set<T>& set) {
    print_list(set);
  }
  template <Map T>
  void print(const T& map) {
    out_ += '{';
    bool first = true;
    for (const auto& [key, value] : map) {
      if (!first) out_ += ',';
      first = false;
      std::string name;
      TextPrinter(name).print(key);
      append_json_string(out_, name);
      out_ += ':';
      print(value);
    }
    out_ += '}';
  }
  template <class T>
  void print(const std::optional<T>& value) {
    if (value)
      print(*value);
    else
      out_ += "null";
  }
  template <class... T>
  void print(const std::variant<T...>& value) {
    std::visit(
        [&](const auto& one) {
          (out_ += "{\"").append(std::decay_t<decltype(one)>::name) += "\":";
          print(one);
          out_ += '}';
        },
        value);
  }

 private:
  template <class List>
  void print_list(const List& list) {
    out_ += '[';
    bool first = true;
    for (const auto& element : list) {
      if (!first) out_ += ',';
      first = false;
      print(element);
    }
    out_ += ']';
  }

  std::string& out_;
};

template <Described T>
std::string to_text(const T& value) {
  std::string out;
  TextPrinter(out).print(value);
  return out;
}

}  // namespace queenright::messages
