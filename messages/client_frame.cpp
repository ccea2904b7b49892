#include "messages/client_frame.hpp"

namespace queenright::messages {
namespace {

/// Circuits propose all other commands to each other.
template <class... Kinds>
bool is_any_of(const Command& command) {
  return (std::holds_alternative<Kinds>(command) || ...);
}

bool is_for_clients(const Command& command) {
  return is_any_of<OpenRun, Begin, CancelRun, ResolveStep, ApproveStep, DrainNode, UndrainNode,
                   HandOver, SetMode, Heartbeat>(command);
}

}  // namespace

std::string unfit_for_a_client(const Item& item) {
  if (const auto* submit = std::get_if<Submit>(&item))
    return is_for_clients(submit->command) ? "" : "no client gives that command";
  const bool asks = std::holds_alternative<Watch>(item) || std::holds_alternative<Unwatch>(item) ||
                    std::holds_alternative<Read>(item) || std::holds_alternative<Inspect>(item);
  return asks ? "" : "no client says that";
}

}  // namespace queenright::messages
