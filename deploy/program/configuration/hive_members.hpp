#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/program/configuration/address.hpp"
#include "deploy/program/document/document.hpp"
#include "messages/ids.hpp"
#include "messages/timing.hpp"

/// Who is in a hive: `hive.yaml`, the same file on every node.
namespace queenright::program {

enum class MemberKind : std::uint8_t { queen, worker };
std::string_view name_of(MemberKind kind);

struct Member {
  messages::NodeId id;  ///< from 1
  std::string name;
  MemberKind kind{};
  std::optional<Address> address;  ///< for other nodes; every queen has one, no worker
  std::optional<Address> clients;  ///< for clients; likewise
  std::string key;                 ///< the public half
  bool operator==(const Member&) const = default;
};

struct ClientMember {
  std::string name;
  std::string key;  ///< the public half
  bool operator==(const ClientMember&) const = default;
};

struct HiveMembers {
  std::string hive;
  std::string id;  ///< 32 hexadecimal digits: tells one hive from another of the same name
  messages::Timing timing = messages::usual_timing;
  std::vector<Member> nodes;  ///< in the order of their ids; 1 to 16 of them are queens
  std::vector<ClientMember> clients;

  const Member* node(std::string_view name) const;  ///< nullptr: there is none
  std::size_t count(MemberKind kind) const;
};

/// Reads the bytes of `hive.yaml`, named `file` in errors.
Reading<HiveMembers> read_members(std::string_view bytes, const std::string& file);
Reading<HiveMembers> read_members_file(const std::filesystem::path& path);

/// The text of `hive.yaml`, which reads as the same members.
std::string yaml_of(const HiveMembers& members);

}  // namespace queenright::program
