#include "deploy/program/formats.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <utility>

#include "actors/edges/json_value.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/preferences/preferences.hpp"

namespace queenright::program {

using messages::Value;

namespace {

constexpr messages::ValueLimits unlimited{1000, std::size_t(-1), std::size_t(-1)};  // it is ours

constexpr std::array<std::pair<std::string_view, Format>, 5> formats{{{"human", Format::human},
                                                                      {"json", Format::json},
                                                                      {"yaml", Format::yaml},
                                                                      {"jsonl", Format::jsonl},
                                                                      {"name", Format::name}}};

/// A word that no reader of YAML takes for anything but a text.
bool is_plain(const std::string& text) {
  static constexpr std::array<std::string_view, 9> meaning{"true", "false", "null", "yes", "no",
                                                           "on",   "off",   "y",    "n"};
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), fits) &&
         std::find(meaning.begin(), meaning.end(), text) == meaning.end();
}

void emit_text(YAML::Emitter& out, const std::string& text) {
  if (!is_plain(text)) out << YAML::DoubleQuoted;
  out << text;
}

void emit(YAML::Emitter& out, const Value& value) {
  if (const auto* map = value.map()) {
    out << YAML::BeginMap;
    for (const auto& [key, one] : *map) {
      out << YAML::Key;
      emit_text(out, key);
      out << YAML::Value;
      emit(out, one);
    }
    out << YAML::EndMap;
  } else if (const auto* list = value.list()) {
    out << (list->empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
    for (const auto& one : *list) emit(out, one);
    out << YAML::EndSeq;
  } else if (const auto* text = value.text()) {
    emit_text(out, *text);
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << to_json(value);  // a number, true or false
  }
}

std::string yaml(const Value& value) {
  YAML::Emitter out;
  emit(out, value);
  return std::string(out.c_str()) + "\n";
}

/// A report of 100,000 tasks is written as it is, without another picture of it in between.
class IndentedJson {
 public:
  using Take = std::function<void(std::string_view piece)>;
  explicit IndentedJson(Take take) : take_(std::move(take)) {}

  void write(const Value& value) {
    put(value, 0);
    take_(text_ + "\n");
  }

 private:
  static constexpr std::size_t piece = std::size_t{64} << 10U;

  void put(const Value& value, std::size_t depth) {
    if (text_.size() > piece) {
      take_(text_);
      text_.clear();
    }
    if (const auto* map = value.map(); map != nullptr && !map->empty()) {
      char before = '{';
      for (const auto& [key, one] : *map) {
        begin_line(std::exchange(before, ','), depth + 1);
        messages::append_json_string(text_, key);
        text_ += ": ";
        put(one, depth + 1);
      }
      begin_line('\0', depth);
      text_ += '}';
    } else if (const auto* list = value.list(); list != nullptr && !list->empty()) {
      char before = '[';
      for (const auto& one : *list) {
        begin_line(std::exchange(before, ','), depth + 1);
        put(one, depth + 1);
      }
      begin_line('\0', depth);
      text_ += ']';
    } else {
      text_ += to_json(value);
    }
  }

  void begin_line(char before, std::size_t depth) {
    if (before != '\0') text_ += before;
    text_ += '\n';
    text_.append(2 * depth, ' ');
  }

  const Take take_;
  std::string text_;
};

std::string indented_json(const Value& value) {
  std::string text;
  IndentedJson([&](std::string_view piece) { text += piece; }).write(value);
  return text;
}

std::string lines(const Value& value) {
  const auto* list = value.list();
  if (list == nullptr) return to_json(value) + "\n";
  std::string text;
  for (const auto& one : *list) text += to_json(one) + "\n";
  return text;
}

/// What people would call it.
std::string name_in(const Value& value) {
  static constexpr std::array<const char*, 8> names{"run",  "name", "path", "circuit",
                                                    "node", "step", "plan", "position"};
  const auto* map = value.map();
  if (map == nullptr) return value.text() != nullptr ? *value.text() : to_json(value);
  for (const char* key : names)
    if (const auto found = map->find(key); found != map->end() && !found->second.is_null())
      return name_in(found->second);
  return "";
}

std::string names(const Value& value) {
  std::string text;
  const auto add = [&](const std::string& name) {
    if (!name.empty()) text += printable(name) + "\n";
  };
  if (const auto* list = value.list()) {
    for (const auto& one : *list) add(name_in(one));
  } else if (const auto name = name_in(value); !name.empty() || value.map() == nullptr) {
    add(name);
  } else {
    for (const auto& [key, one] : *value.map()) add(key);  // a map of things by their names
  }
  return text;
}

}  // namespace

bool is_format(const std::string& name) {
  return std::any_of(formats.begin(), formats.end(),
                     [&](const auto& format) { return format.first == name; });
}

Format format_of(const std::string& option) {
  const std::string& wanted = option.empty() ? preferred("output") : option;
  for (const auto& [name, format] : formats)
    if (wanted == name) return format;
  return isatty(STDOUT_FILENO) == 1 ? Format::human : Format::json;
}

std::string formatted(const Value& value, Format format) {
  switch (format) {
    case Format::yaml: return yaml(value);
    case Format::jsonl: return lines(value);
    case Format::name: return names(value);
    default: return indented_json(value);
  }
}

void print_formatted(const Value& value, Format format) {
  const auto print = [](std::string_view piece) { fmt::print("{}", piece); };
  if (format == Format::json)
    IndentedJson(print).write(value);
  else
    print(formatted(value, format));
}

std::string formatted_json(const std::string& json, Format format) {
  const auto value = edges::decode_json(json, unlimited);
  if (!value)
    throw Failure(ExitCode::failed, "what a role tells of itself is no JSON: " + value.reason());
  return formatted(value.value(), format);
}

}  // namespace queenright::program
