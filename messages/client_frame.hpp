#pragma once

#include <string>
#include <vector>

#include "messages/item.hpp"

/// What a client and a queen's port say to each other, each in one piece.
namespace queenright::messages {

/// Something that a node answers from what it has, without asking its roles.
struct NodeQuestion {
  static constexpr auto name = "NodeQuestion";
  Key key;                 ///< tells the answers apart
  std::string what;        ///< "report", ...
  std::string subject;     ///< a run, ...
  LogIndex since{};        ///< "events": those of later entries
  std::uint64_t offset{};  ///< of a piece of an artifact, whose digest is the subject
  std::uint64_t size{};    ///< "store": of the whole artifact
  std::string bytes{};     ///< "store": the piece

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "key", self.key);
    visit(2, "what", self.what);
    visit(3, "subject", self.subject);
    visit(4, "since", self.since);
    visit(5, "offset", self.offset);
    visit(6, "size", self.size);
    visit(7, "bytes", self.bytes);
  }
};

struct NodeAnswer {
  static constexpr auto name = "NodeAnswer";
  Key key;
  std::string refused;  ///< why there is no answer; empty: there is
  Value value;
  std::vector<RunEvent> events;
  std::string bytes{};  ///< "again": an encoded Begin; "artifact": a piece, empty at its end

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "key", self.key);
    visit(2, "refused", self.refused);
    visit(3, "value", self.value);
    visit(4, "events", self.events);
    visit(5, "bytes", self.bytes);
  }
};

/// One without anything in it only says that the client is still there.
struct ClientRequest {
  static constexpr auto name = "ClientRequest";
  std::uint32_t version{};  ///< of this format
  TraceId trace;
  std::vector<Item> items;  ///< Submit, Watch, Unwatch, Read, Inspect
  std::vector<NodeQuestion> questions;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "version", self.version);
    visit(2, "trace", self.trace);
    visit(3, "items", self.items);
    visit(4, "questions", self.questions);
  }
};

struct ClientResponse {
  static constexpr auto name = "ClientResponse";
  std::uint32_t version{};
  std::string refused;      ///< why the last request was not taken; empty: it was
  std::vector<Item> items;  ///< Reply, Events, Answer
  std::vector<NodeAnswer> answers;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit(1, "version", self.version);
    visit(2, "refused", self.refused);
    visit(3, "items", self.items);
    visit(4, "answers", self.answers);
  }
};

inline constexpr std::uint32_t client_version = 1;

/// Why a client may not say that; empty: it may.
std::string unfit_for_a_client(const Item& item);

}  // namespace queenright::messages
