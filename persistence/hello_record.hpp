#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "messages/effect.hpp"
#include "messages/input.hpp"
#include "persistence/record.hpp"

/// Queens say hello to each other many times a second. In a block such a record is the difference
/// from the last one of the same sender to the same role, where both are of one shape; the first
/// of each block, and one of 64 after it, is whole. So each block can be read alone.
namespace queenright::persistence {

/// A Contact, with a Hello or without, and nothing else.
bool is_hello(const messages::Input& input);
bool says_hello(const messages::Effect& effect);

/// A record as it stands in a block.
struct StoredRecord {
  static constexpr auto name = "StoredRecord";
  Record record;
  std::uint32_t line{};    ///< of the hellos of one sender to one role, in this block; 0: no hello
  std::string difference;  ///< from the last one of its line; then role, sequence and input are
                           ///< not in the record

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    Record::fields(self.record, visit);
    visit(6, "line", self.line);
    visit(7, "difference", self.difference);
  }
};

/// The last hello of a line.
struct LastHello {
  std::uint32_t line{};
  std::uint32_t since_whole{};  ///< differences
  messages::RoleId role;
  messages::RoleSequence sequence;
  messages::Input input;
};

/// For whoever makes a block; starts anew with each.
class HelloShortener {
 public:
  /// `hello.input` is one.
  StoredRecord shorten(const TurnRecord& hello);

 private:
  std::map<std::pair<messages::RoleId, messages::Address>, LastHello> lines_;
};

/// For whoever reads a block, from its start.
class HelloRestorer {
 public:
  /// Makes the record whole. False: malformed.
  bool restore(StoredRecord& stored);

 private:
  std::map<std::uint32_t, LastHello> lines_;
};

}  // namespace queenright::persistence
