#include "deploy/program/run/run_artifacts.hpp"

#include <boost/test/unit_test.hpp>

#include "deploy/program/failure.hpp"
#include "tests/deploy/program/texts.hpp"
#include "tests/private_directory.hpp"

namespace queenright::program {
namespace {
BOOST_AUTO_TEST_SUITE(run_artifacts)

using messages::Value;

Value artifact(const std::string& path) {
  return Value::Map{{"path", path},
                    {"digest", "sha256:" + std::string(64, '0')},
                    {"bytes", 7},
                    {"executable", false}};
}

Value made_by(const std::string& step, Value::List artifacts) {
  return Value::Map{{"id", step},
                    {"fans_out", false},
                    {"tasks", Value::List{}},
                    {"artifacts", std::move(artifacts)}};
}

Value report_of(Value::List steps) { return Value::Map{{"steps", std::move(steps)}}; }

BOOST_AUTO_TEST_CASE(a_path_that_two_steps_have_is_named_with_its_step) {
  const auto report = report_of(
      {made_by("build", {artifact("log"), artifact("hello")}), made_by("test", {artifact("log")})});
  BOOST_TEST(artifacts_text(artifacts_in(report, ""), Format::name) ==
             "build:log\nhello\ntest:log\n");
  BOOST_TEST(artifacts_text(artifacts_in(report, "test"), Format::name) == "log\n");
}

BOOST_AUTO_TEST_CASE(a_step_that_is_not_there_is_an_error) {
  const auto report = report_of({made_by("build", {})});
  const auto is_told = [](const Failure& failure) {
    return failure.exit_code() == ExitCode::usage &&
           test::has(failure.what(), "no step 'biuld'; did you mean 'build'?");
  };
  BOOST_CHECK_EXCEPTION(artifacts_in(report, "biuld"), Failure, is_told);
}

BOOST_AUTO_TEST_CASE(a_path_does_not_steer_the_terminal_of_who_reads_it) {
  const auto artifacts = artifacts_in(report_of({made_by("a", {artifact("x\n\x1b[31my")})}), "");
  BOOST_TEST(artifacts_text(artifacts, Format::human) ==
             "a/x??[31my  7 bytes  sha256:000000000000...\n");
  BOOST_TEST(artifacts_text(artifacts, Format::name) == "x??[31my\n");
}

struct Copying {
  bool is_to_be_done(const std::string& into, bool dry_run = false) const {
    const auto artifacts = artifacts_in(report_of({made_by("a", {artifact("tool")})}), "");
    return are_to_be_copied(artifacts, {"", place.path() / into, dry_run}, "");
  }

  void is_refused(const std::string& into, const std::string& why, bool dry_run = false) const {
    const auto is_told = [&](const Failure& failure) {
      return failure.exit_code() == ExitCode::usage && test::has(failure.what(), why);
    };
    BOOST_CHECK_EXCEPTION(is_to_be_done(into, dry_run), Failure, is_told);
  }

  const PrivateDirectory place;
};

BOOST_FIXTURE_TEST_CASE(files_are_copied_into_a_directory_and_nothing_else, Copying) {
  BOOST_TEST(is_to_be_done("new/one"));
  BOOST_TEST(std::filesystem::is_directory(place.path() / "new/one"));
  test::write(place.path() / "file", "x");
  is_refused("file", "Not a directory");
  is_refused("file/below", "Not a directory");
}

BOOST_FIXTURE_TEST_CASE(a_dry_run_copies_nothing_and_makes_nothing, Copying) {
  BOOST_TEST(!is_to_be_done("new", true));
  BOOST_TEST(!std::filesystem::exists(place.path() / "new"));
}

BOOST_FIXTURE_TEST_CASE(nothing_is_written_over_not_even_a_link_to_nowhere, Copying) {
  std::filesystem::create_directories(place.path() / "a");
  std::filesystem::create_symlink("nowhere", place.path() / "a/tool");
  is_refused("", "a/tool is there already");
  is_refused("", "a/tool is there already", true);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::program
