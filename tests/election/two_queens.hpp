#pragma once

#include <chrono>

#include "election/support.hpp"
#include "tests/election/usual_timing.hpp"

namespace queenright::election {

using std::chrono::milliseconds;

/// Two of three queens and what passes between them; the third is never heard of. Time is the
/// same for both.
struct TwoQueens {
  static constexpr NodeId a{1};
  static constexpr NodeId b{2};
  static constexpr NodeId silent{3};

  TwoQueens() {
    first.boot(a, {a, b, silent}, {1});
    second.boot(b, {a, b, silent}, {1});
  }

  Support& of(NodeId queen) { return queen == a ? first : second; }
  static NodeId other(NodeId queen) { return queen == a ? b : a; }

  void wait(Duration span) {
    now = now + span;
    first.expire(now);
    second.expire(now);
  }

  /// A hello with its contact, as it was said.
  struct Said {
    Contact contact;
    Hello hello;
  };
  Said hello_of(NodeId from) {
    const Contact contact = of(from).contact(other(from));
    return {contact, of(from).next_hello(other(from), now)};
  }
  bool hear(NodeId to, const Said& said) {
    if (!of(to).hear(other(to), said.contact, now)) return false;
    of(to).hear(other(to), said.hello, now);
    return true;
  }
  /// The answer to a hello.
  void answer(NodeId from) { of(other(from)).hear(from, of(from).contact(other(from)), now); }

  /// A hello and its answer, at once.
  void greet(NodeId from) {
    hear(other(from), hello_of(from));
    answer(other(from));
  }
  /// Until both support each other.
  void meet() {
    for (int i = 0; i < 3; ++i) {
      greet(a);
      greet(b);
    }
  }

  Instant now{std::chrono::hours{1}};
  const Rules rules;
  Support first{rules};
  Support second{rules};
};

}  // namespace queenright::election
