#include "messages/value.hpp"

#include <array>
#include <cstdio>

#include "messages/utf8.hpp"

namespace queenright::messages {
namespace {

void append_escaped_ascii(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
    out += c;
    return;
  }
  std::array<char, 8> escaped{};
  std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(c));
  out += escaped.data();
}

struct JsonPrinter {
  std::string& out;

  void operator()(Value::Null) const { out += "null"; }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { out += std::to_string(value); }
  void operator()(const std::string& value) const { append_json_string(out, value); }
  void operator()(const Value::List& list) const {
    out += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i != 0) out += ',';
      std::visit(*this, list[i].kind());
    }
    out += ']';
  }
  void operator()(const Value::Map& map) const {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : map) {
      if (!first) out += ',';
      first = false;
      append_json_string(out, key);
      out += ':';
      std::visit(*this, value.kind());
    }
    out += '}';
  }
};

}  // namespace

std::string_view Value::kind_name() const {
  static constexpr std::array<std::string_view, 6> names{"null",   "bool", "int",
                                                         "string", "list", "map"};
  return names[kind_.index()];
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else if (length == 1) {
      append_escaped_ascii(out, text.front());
      text.remove_prefix(1);
    } else {
      out.append(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  out += '"';
}

std::string to_json(const Value& value) {
  std::string out;
  std::visit(JsonPrinter{out}, value.kind());
  return out;
}

}  // namespace queenright::messages
