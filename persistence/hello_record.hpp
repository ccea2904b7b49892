#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Words by which workers and queens know that the others are there, and nothing else.
bool is_workers_hello(const messages::Input& input);
bool says_workers_hello(const messages::Effect& effect);

/// A record as it stands in a block.
struct StoredRecord {
  static constexpr auto name = "StoredRecord";
  Record record;
  std::uint32_t line{};    ///< of the hellos of one sender to one role, in this block; 0: no hello
  std::string difference;  ///< from the last one of its line; then role, sequence and input are
                           ///< not in the record

  void clear();  ///< as if made anew, but for its memory

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    Record::fields(self.record, visit);
    visit(6, "line", self.line);
    visit(7, "difference", self.difference);
  }
};

/// A hello as numbers in their order, and what each is likely to be in the next one.
class HelloNumbers {
 public:
  /// From now on those of this input, which is a hello.
  void take(messages::RoleSequence sequence, const messages::Input& hello);

  bool empty() const { return numbers_.empty(); }
  const messages::Address& from() const { return from_; }

  /// For each number that is not as expected after the last hello: how many before it are, and by
  /// how much it differs. Empty: the two have different shapes, or all is as expected.
  std::string difference_from(const HelloNumbers& last) const;

  /// The inverse: makes them, and the hello of which they are, those of the next one. False:
  /// malformed; then nothing of it is of any meaning.
  bool add(std::string_view difference, messages::RoleSequence& sequence, messages::Input& hello);

 private:
  class Collector;
  struct Number {
    std::uint64_t value;
    std::uint64_t step;  ///< to what is expected next
  };

  messages::Address from_;
  std::vector<Number> numbers_;
  std::vector<std::uint64_t> shape_;  ///< how many there are of what, and the keys of maps
};

/// For whoever makes a block; starts anew with each.
class HelloShortener {
 public:
  /// `turn.hello` are the numbers of its input.
  StoredRecord shorten(const TurnRecord& turn);

 private:
  struct Line {
    std::uint32_t number{};
    std::uint32_t since_whole{};  ///< differences
    HelloNumbers last;
  };
  std::map<std::pair<messages::RoleId, messages::Address>, Line> lines_;
};

/// For whoever reads a block, from its start.
class HelloRestorer {
 public:
  /// Makes the record whole; a hello of it has been decoded. False: malformed.
  bool restore(StoredRecord& stored);

 private:
  struct Line {
    messages::RoleId role;
    messages::RoleSequence sequence;
    messages::Input input;
    HelloNumbers numbers;  ///< none before the first difference
  };
  std::map<std::uint32_t, Line> lines_;
};

}  // namespace queenright::persistence
