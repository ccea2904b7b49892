#include "deploy/program/formats.hpp"

#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "deploy/program/preferences/preferences.hpp"

namespace queenright::program {

using nlohmann::json;

namespace {

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

void emit(YAML::Emitter& out, const json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, one] : value.items()) {
      out << YAML::Key;
      emit_text(out, key);
      out << YAML::Value;
      emit(out, one);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << (value.empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
    for (const auto& one : value) emit(out, one);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    emit_text(out, value.get<std::string>());
  } else {
    out << value.dump();  // a number, true, false or null, as JSON writes it
  }
}

std::string yaml(const json& value) {
  YAML::Emitter out;
  emit(out, value);
  return std::string(out.c_str()) + "\n";
}

std::string line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string lines(const json& value) {
  if (!value.is_array()) return line(value);
  std::string text;
  for (const auto& one : value) text += line(one);
  return text;
}

/// What people would call it.
std::string name_in(const json& value) {
  static constexpr std::array<const char*, 7> names{"run",  "name", "circuit", "node",
                                                    "step", "plan", "path"};
  if (!value.is_object()) return value.is_string() ? value.get<std::string>() : value.dump();
  for (const char* key : names)
    if (const auto found = value.find(key); found != value.end() && !found->is_null())
      return name_in(*found);
  return "";
}

std::string names(const json& value) {
  std::string text;
  const auto add = [&](const std::string& name) {
    if (!name.empty()) text += name + "\n";
  };
  if (value.is_array()) {
    for (const auto& one : value) add(name_in(one));
  } else if (const auto name = name_in(value); !name.empty() || !value.is_object()) {
    add(name);
  } else {
    for (const auto& [key, one] : value.items()) add(key);  // a map of things by their names
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

std::string formatted_json(const std::string& text, Format format) {
  const auto value = json::parse(text);
  switch (format) {
    case Format::yaml: return yaml(value);
    case Format::jsonl: return lines(value);
    case Format::name: return names(value);
    default: return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  }
}

std::string formatted(const messages::Value& value, Format format) {
  return formatted_json(to_json(value), format);
}

}  // namespace queenright::program
