#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/actors/edges/children.hpp"

// What goes into a child and comes out of it.
using namespace queenright;
using namespace queenright::edges::test;
using messages::AttemptEnd;
using messages::Exec;
using messages::OutputMode;
using messages::Value;

namespace {

Exec printing(const std::string& text, OutputMode mode) {
  Exec exec;
  exec.argv = {"printf", "%s", text};
  exec.output = mode;
  return exec;
}

std::uint64_t peak_memory_of(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  std::string word;
  std::uint64_t kilobytes = 0;
  while (status >> word)
    if (word == "VmHWM:") status >> kilobytes;
  return kilobytes * 1024;
}

BOOST_FIXTURE_TEST_SUITE(output, Children)

BOOST_AUTO_TEST_CASE(text_loses_one_trailing_newline) {
  BOOST_TEST(text_of(run(printing("a\n\n", OutputMode::text))) == "a\n");
  BOOST_TEST(text_of(run(printing("a", OutputMode::text))) == "a");
  BOOST_TEST(text_of(run(printing("\n", OutputMode::text))) == "");
  BOOST_TEST(text_of(run(printing("", OutputMode::text))) == "");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_kept) {
  BOOST_TEST(text_of(run(printing("\xFF\x80z", OutputMode::text))) == "\xFF\x80z");
}

BOOST_AUTO_TEST_CASE(all_that_is_written_is_counted_and_hashed) {
  const auto outcome = run(printing("abc", OutputMode::none));
  BOOST_TEST(outcome.output.is_null());
  BOOST_TEST(outcome.output_size == 3U);
  BOOST_TEST(!outcome.output_cut);
  BOOST_TEST(outcome.output_digest ==
             "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(run(printing("", OutputMode::text)).output_digest == "");
}

BOOST_AUTO_TEST_CASE(the_first_64_KiB_are_kept_and_the_rest_is_hashed) {
  const auto exact = shell("yes | head -c 65536");
  BOOST_TEST(!exact.output_cut);
  BOOST_TEST(text_of(exact).size() == 65535U);  // without its newline
  const auto more = shell("yes | head -c 200001");
  BOOST_TEST(more.output_cut);
  BOOST_TEST(more.output_size == 200001U);
  BOOST_TEST(text_of(more).size() == 65536U);
  BOOST_TEST(more.output_digest + "  -" ==
             "sha256:" + text_of(shell("yes | head -c 200001 | sha256sum")));
}

BOOST_AUTO_TEST_CASE(a_gigabyte_of_output_drains_in_little_memory) {
  BOOST_TEST(shell("yes | head -c 1000000").output_cut);
  const auto peak_before = peak_memory_of(runner().runner_process());
  const auto outcome = shell("head -c 1000000000 /dev/zero; head -c 100000000 /dev/zero >&2");
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.output_size == 1'000'000'000U);
  BOOST_TEST(outcome.output_cut);
  BOOST_TEST(outcome.diagnostics.size() == 4096U);
  BOOST_TEST(peak_before > 0U);
  BOOST_TEST(peak_memory_of(runner().runner_process()) < peak_before + (16U << 20U));
}

BOOST_AUTO_TEST_CASE(the_last_4_KiB_of_stderr_are_kept) {
  const auto outcome = shell("seq 1 5000 >&2; echo output");
  BOOST_TEST(outcome.diagnostics.size() == 4096U);
  BOOST_TEST(outcome.diagnostics.ends_with("\n4999\n5000\n"));
  BOOST_TEST(text_of(outcome) == "output");
  BOOST_TEST(shell("echo trouble >&2").diagnostics == "trouble\n");
}

BOOST_AUTO_TEST_CASE(stdin_of_any_size_arrives_and_ends) {
  Exec exec;
  exec.argv = {"wc", "-c"};
  BOOST_TEST(text_of(run(exec)) == "0");
  exec.stdin_text = std::string(1U << 20U, 'x');
  BOOST_TEST(text_of(run(exec)) == "1048576");
  exec.argv = {"cat"};
  exec.stdin_text = std::string("a\0b\xFF\n\n", 6);
  BOOST_TEST(text_of(run(exec)) == std::string("a\0b\xFF\n", 5));
}

BOOST_AUTO_TEST_CASE(a_child_need_not_read_its_stdin) {
  Exec exec = script("exit 3");
  exec.stdin_text = std::string(1U << 20U, 'x');
  BOOST_TEST(run(exec).exit_code == 3);
  exec = script("exec <&-; echo closed");
  exec.stdin_text = std::string(1U << 20U, 'x');
  BOOST_TEST(text_of(run(exec)) == "closed");
}

BOOST_AUTO_TEST_CASE(a_stdin_beyond_what_the_runner_takes_is_refused) {
  Exec exec = script("exit 0");
  exec.stdin_text = std::string(65U << 20U, 'x');
  const auto outcome = run(exec);
  BOOST_TEST(static_cast<int>(outcome.end) == static_cast<int>(AttemptEnd::not_started));
  BOOST_TEST(outcome.reason == "arguments, environment and stdin are larger than 64 MiB together");
  BOOST_TEST(shell("exit 0").exit_code == 0);
}

BOOST_AUTO_TEST_CASE(json_is_decoded) {
  const auto outcome = run(printing("{\"a\": [1, 2.50, null]}\n", OutputMode::json));
  BOOST_TEST(outcome.reason == "");
  const Value expected(Value::Map{{"a", Value::List{1, "2.50", Value()}}});
  BOOST_TEST((outcome.output == expected));
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_said_and_the_exit_stays_what_it_was) {
  const auto reason = [this](const std::string& text) {
    const auto outcome = run(printing(text, OutputMode::json));
    BOOST_TEST(static_cast<int>(outcome.end) == static_cast<int>(AttemptEnd::exited));
    BOOST_TEST(outcome.output.is_null());
    return outcome.reason;
  };
  BOOST_TEST(reason("") == "output is not JSON: it is empty");
  BOOST_TEST(reason("{\"a\": 1").starts_with("output is not JSON: parse error at line 1"));
  BOOST_TEST(reason("[1] [2]").starts_with("output is not JSON: "));
  const std::string cut = "[\"" + std::string(70'000, 'x') + "\"]";
  BOOST_TEST(reason(cut) == "output is not JSON: only the first 65536 of 70004 bytes were kept");
}

BOOST_AUTO_TEST_CASE(a_failed_child_is_not_blamed_for_its_output) {
  Exec exec = script("echo oops; exit 2");
  exec.output = OutputMode::json;
  const auto outcome = run(exec);
  BOOST_TEST(outcome.exit_code == 2);
  BOOST_TEST(outcome.reason == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
