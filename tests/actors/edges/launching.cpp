#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "tests/actors/edges/children.hpp"

// How a child is started: what it is told, where, and what is said when it can't be.
using namespace queenright;
using namespace queenright::edges::test;
using messages::AttemptEnd;
using messages::AttemptOutcome;
using messages::Exec;

namespace {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void write_file(const std::filesystem::path& path, const std::string& text, mode_t mode) {
  std::ofstream(path) << text;
  ::chmod(path.c_str(), mode);
}

void refused(const AttemptOutcome& outcome, const std::string& part) {
  BOOST_TEST(static_cast<int>(outcome.end) == static_cast<int>(AttemptEnd::not_started));
  BOOST_TEST(says(outcome.reason, part), outcome.reason << " should say: " << part);
  BOOST_TEST(outcome.started.milliseconds > 0);
}

/// A search path of an absolute name and one that is looked up in the child's own directory.
std::string search_path(const std::filesystem::path& first, const std::string& second) {
  return first.string() + ":" + second;
}

BOOST_FIXTURE_TEST_SUITE(launching, Children)

BOOST_AUTO_TEST_CASE(a_child_runs_and_is_reported_with_times_and_resources) {
  const auto outcome = shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done");
  BOOST_TEST(static_cast<int>(outcome.end) == static_cast<int>(AttemptEnd::exited));
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.reason == "");
  BOOST_TEST(text_of(outcome) == "done");
  BOOST_TEST(outcome.started.milliseconds > 1'600'000'000'000);
  BOOST_TEST(outcome.ended.milliseconds >= outcome.started.milliseconds);
  BOOST_TEST(outcome.processor_time.count() > 0);
  BOOST_TEST(outcome.peak_memory > 100'000U);
}

BOOST_AUTO_TEST_CASE(processor_time_includes_descendants_that_were_waited_for) {
  const std::string busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
  const auto outcome = shell("sh -c '" + busy + "'; true");
  BOOST_TEST(outcome.processor_time.count() > 5'000'000);
}

BOOST_AUTO_TEST_CASE(the_exit_comes_with_the_trace_and_cause_of_its_spawn) {
  const messages::AttemptId attempt{{3}, {4}, {5}};
  const messages::Cause cause{{{9}, messages::circuit_role({3})}, {77}};
  runner().spawn({123}, cause, {attempt, script("exit 0")});
  const auto letter = mailbox().wait_for(attempt);
  BOOST_TEST(letter.trace.value == 123U);
  BOOST_TEST(letter.cause.sequence.value == 77U);
  BOOST_TEST((letter.cause.who == cause.who));
  BOOST_TEST((letter.to == messages::worker_role()));
}

BOOST_AUTO_TEST_CASE(an_open_attempt_is_not_spawned_again) {
  const messages::AttemptId attempt{{1}, {99}, {1}};
  const messages::Spawn request{attempt,
                                script("echo once >> file; touch written; exec sleep 600")};
  runner().spawn({1}, {}, request);
  BOOST_TEST(eventually([&] { return std::filesystem::exists(scratch() / "written"); }));
  runner().spawn({2}, {}, request);
  runner().end({attempt, true});
  BOOST_TEST(mailbox().wait_for(attempt).trace.value == 1U);
  BOOST_TEST(text_of(run({"cat", "file"})) == "once");
}

BOOST_AUTO_TEST_CASE(arguments_arrive_exactly_as_given) {
  const std::vector<std::string> arguments{"",
                                           " ",
                                           "two words",
                                           "\"quoted\" and 'quoted'",
                                           "line\nline\n",
                                           "$HOME `id` $(id) * ? [a]",
                                           "\\",
                                           "--",
                                           "-n",
                                           "\xFF\xFE not UTF-8 \x80",
                                           "schöne Grüße",
                                           ""};
  Exec exec = script("for a; do printf '%s\\0' \"$a\"; done");
  exec.argv.push_back("sh");
  exec.argv.insert(exec.argv.end(), arguments.begin(), arguments.end());
  std::string expected;
  for (const auto& argument : arguments) expected += argument + '\0';
  BOOST_TEST(text_of(run(exec)) == expected);
}

BOOST_AUTO_TEST_CASE(a_program_sees_the_name_it_was_called_by) {
  BOOST_TEST(text_of(run({"sh", "-c", "echo $0"})) == "sh");
  shell("printf '#!/bin/sh\\necho $0\\n' > x; chmod +x x");
  BOOST_TEST(text_of(run({"./x"})) == "./x");
}

BOOST_AUTO_TEST_CASE(the_environment_is_what_is_said_and_nothing_else) {
  Exec exec;
  exec.argv = {"env"};
  exec.env = {{"GREETING", "two words = fine\n"}, {"LANG", "C"}, {"EMPTY", ""}};
  std::string expected = "EMPTY=\nGREETING=two words = fine\n\n";
  if (const char* home = std::getenv("HOME")) expected += std::string("HOME=") + home + "\n";
  expected += std::string("LANG=C\nPATH=") + std::getenv("PATH");
  BOOST_TEST(text_of(run(exec)) == expected);
}

BOOST_AUTO_TEST_CASE(programs_are_found_by_the_childs_own_path) {
  shell("mkdir a b; printf '#!/bin/sh\\necho b\\n' > b/tool; chmod +x b/tool; echo x > a/tool");
  Exec exec;
  exec.argv = {"tool"};
  exec.env["PATH"] = search_path(scratch() / "a", "b");
  BOOST_TEST(text_of(run(exec)) == "b");
  exec.env["PATH"] = (scratch() / "a").string();
  refused(run(exec), "tool: permission denied: not executable, in PATH=");
  exec.env["PATH"] = "";
  refused(run(exec), "tool: not found in PATH=");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_started_is_refused_with_a_reason_to_act_on) {
  refused(run({"no-such-program"}), "no-such-program: not found in PATH=/");
  refused(run({"./missing"}), "./missing: no such file");
  refused(run({"/etc/passwd"}), "/etc/passwd: permission denied: not executable");
  refused(run({"/etc"}), "/etc: is a directory");
  refused(run(std::vector<std::string>{}), "no program is named");
  refused(run({""}), "no program is named");
  refused(run({std::string("sh\0", 3)}), "argument 0 contains a NUL byte");
  refused(run({"echo", std::string("a\0b", 3)}), "argument 1 contains a NUL byte");
  refused(run({"true", std::string(4U << 20U, 'x')}), "pass data by stdin");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_program_is_refused) {
  shell("true");
  write_file(scratch() / "text", "not a program\n", 0755);
  write_file(scratch() / "orphan", "#!/no/such/interpreter\n", 0755);
  refused(run({"./text"}), "./text: neither a program");
  refused(run({"./orphan"}), "the interpreter that it names does not exist");
}

BOOST_AUTO_TEST_CASE(an_impossible_environment_is_refused) {
  for (const auto& name : {std::string(), std::string("A=B"), std::string("A\0B", 3)}) {
    Exec exec = script("exit 0");
    exec.env[name] = "value";
    refused(run(exec), "not possible in an environment");
  }
}

BOOST_AUTO_TEST_CASE(the_directory_is_a_private_scratch_unless_said_otherwise) {
  BOOST_TEST(text_of(run({"pwd"})) == scratch().string());
  struct stat status {};
  ::stat(scratch().c_str(), &status);
  BOOST_TEST((status.st_mode & 0777U) == 0700U);

  Exec exec;
  exec.argv = {"pwd"};
  BOOST_TEST(text_of(wait_for(spawn(exec, 2))) == scratch(2).string());
  std::filesystem::create_directory(scratch() / "below");
  exec.cwd = "below";
  BOOST_TEST(text_of(run(exec)) == (scratch() / "below").string());
  exec.cwd = "/";
  BOOST_TEST(text_of(run(exec)) == "/");
}

BOOST_AUTO_TEST_CASE(a_bad_directory_is_refused) {
  Exec exec = script("exit 0");
  exec.cwd = "missing";
  refused(run(exec), "no such directory: " + (scratch() / "missing").string());
  exec.cwd = "/etc/passwd";
  refused(run(exec), "not a directory: /etc/passwd");
}

BOOST_AUTO_TEST_CASE(a_child_holds_nothing_but_its_three_streams) {
  BOOST_TEST(text_of(run({"ls", "/proc/self/fd"})) == "0\n1\n2\n3");  // 3: the listing itself
  const auto runner_files = "/proc/" + std::to_string(runner().runner_process()) + "/fd";
  BOOST_TEST(text_of(run({"readlink", runner_files + "/0", runner_files + "/2"})) ==
             "/dev/null\n/dev/null");
}

BOOST_AUTO_TEST_CASE(a_child_starts_with_default_signals_and_leads_its_group) {
  const auto mask =
      [this](const std::string& name) {  // not asked of a shell, which changes its own
        const auto outcome = run({"sed", "-n", "s/^" + name + ":\t//p", "/proc/self/status"});
        return std::stoull(text_of(outcome), nullptr, 16);
      };
  constexpr unsigned long long of_the_c_library = 0x1'8000'0000;  // 32 and 33: not for programs
  BOOST_TEST(mask("SigBlk") == 0U);
  BOOST_TEST((mask("SigIgn") & ~of_the_c_library) == 0U);
  BOOST_TEST(text_of(shell("set -- $(cat /proc/$$/stat); [ $5 = $$ ] && echo leads")) == "leads");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
