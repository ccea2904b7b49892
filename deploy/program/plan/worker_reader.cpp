#include "deploy/program/plan/worker_reader.hpp"

#include <algorithm>
#include <array>

#include "actors/roles/plan/need.hpp"

namespace queenright::program {
namespace {

constexpr std::uint32_t most_trust = 1'000'000;
constexpr std::array<std::string_view, 4> keys_of_a_need{"capabilities", "labels", "trust",
                                                         "region"};

std::vector<std::string> read_capabilities(const YamlNode& node, Problems& problems) {
  std::vector<std::string> capabilities;
  if (node.kind != YamlNode::Kind::list) {
    problems.error(node,
                   "capabilities is a list, such as [gpu], not " + std::string(kind_name(node)));
    return capabilities;
  }
  const ValueReader reader(problems);
  for (const YamlNode& part : node.parts)
    if (const auto capability = reader.text(part, "a capability"))
      capabilities.push_back(*capability);
  return capabilities;
}

std::map<std::string, std::string> read_labels(const YamlNode& node, Problems& problems) {
  std::map<std::string, std::string> labels;
  if (node.kind != YamlNode::Kind::map) {
    problems.error(node, "labels is a map of names and values, such as {zone: a}, not " +
                             std::string(kind_name(node)));
    return labels;
  }
  const ValueReader reader(problems);
  node.entries([&](const YamlNode& name, const YamlNode& value) {
    if (const auto text = reader.text(value, "the value of a label"))
      labels.emplace(name.text, *text);
  });
  return labels;
}

}  // namespace

messages::WorkerNeed read_worker_need(const YamlNode& node, Problems& problems) {
  messages::WorkerNeed need;
  const ValueReader reader(problems);
  const Keys keys(node, "worker", keys_of_a_need, {}, problems);
  if (const auto* capabilities = keys.find("capabilities"))
    need.capabilities = read_capabilities(*capabilities, problems);
  if (const auto* labels = keys.find("labels")) need.labels = read_labels(*labels, problems);
  if (const auto* trust = keys.find("trust"))
    need.trust = reader.count(*trust, "trust", most_trust).value_or(0);
  if (const auto* region = keys.find("region"))
    need.region = reader.text(*region, "region").value_or("");
  if (const auto wrong = roles::wrong_with(need); !wrong.empty()) problems.error(node, wrong);
  return need;
}

}  // namespace queenright::program
