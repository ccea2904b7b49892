#include "deploy/program/configuration/member_values.hpp"

#include "actors/sockets/keys.hpp"
#include "deploy/program/document/values.hpp"

namespace queenright::program {
namespace {

using Parse = messages::Result<Address> (*)(std::string_view);

std::optional<Address> read_with(Parse parse, const YamlNode& node, std::string_view what,
                                 Problems& problems) {
  const auto text = ValueReader(problems).text(node, what);
  if (!text) return std::nullopt;
  auto address = parse(*text);
  if (address) return std::move(address).value();
  problems.error(node, std::string(what) + ": " + address.reason());
  return std::nullopt;
}

}  // namespace

std::optional<Address> read_address(const YamlNode& node, std::string_view what,
                                    Problems& problems) {
  return read_with(address_of, node, what, problems);
}

std::optional<Address> read_listen_address(const YamlNode& node, std::string_view what,
                                           Problems& problems) {
  return read_with(listen_address_of, node, what, problems);
}

std::optional<std::string> read_key(const YamlNode& node, std::string_view what,
                                    Problems& problems) {
  const auto text = ValueReader(problems).text(node, what);
  if (!text || sockets::is_key(*text)) return text;
  problems.error(node, std::string(what) + " is 40 characters of Z85 in quotes, as " +
                           "'queenright keys new' makes it; this is something else, of " +
                           std::to_string(text->size()));
  return std::nullopt;
}

std::optional<std::string> read_hive_id(const YamlNode& node, Problems& problems) {
  static constexpr std::size_t digits = 32;
  const auto text = ValueReader(problems).text(node, "the id of a hive");
  if (!text) return text;
  if (text->size() == digits && text->find_first_not_of("0123456789abcdef") == std::string::npos)
    return text;
  problems.error(node,
                 "the id of a hive is 32 digits of 0-9 and a-f, as 'queenright keys new' "
                 "makes it, not " +
                     in_quotes(*text));
  return std::nullopt;
}

}  // namespace queenright::program
