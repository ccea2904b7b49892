#include "deploy/program/plan/plan_file.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "deploy/program/document/values.hpp"
#include "messages/writer.hpp"
#include "tests/private_directory.hpp"

namespace queenright::program {
namespace {

using messages::Value;
using namespace std::chrono_literals;

PlanFile read(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return read_plan(text, "f", overrides);
}

std::vector<std::string> texts_of(const std::vector<Problem>& problems) {
  std::vector<std::string> texts;
  for (const auto& problem : problems) texts.push_back(text_of(problem));
  return texts;
}

/// A plan without errors.
roles::Plan plan_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const auto file = read(text, overrides);
  for (const auto& error : texts_of(file.errors)) BOOST_ERROR(error);
  return file.plan;
}

std::string only_error_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const auto errors = texts_of(read(text, overrides).errors);
  BOOST_REQUIRE(errors.size() == 1U);
  return errors[0];
}

const roles::ExecTemplate& exec_of(const roles::Step& step) {
  return std::get<roles::ExecTemplate>(step.work);
}

// Tests run in the project's root.
const std::filesystem::path bad_plans = "tests/bad_plans";
const std::filesystem::path documents = "docs";

/// Whether some error of the file begins with its name and then `expected`.
void must_be_refused(const std::filesystem::path& path, const std::string& expected) {
  const auto errors = texts_of(read_plan_file(path, {}).errors);
  const std::string beginning = path.string() + ":" + expected;
  const bool found = std::any_of(errors.begin(), errors.end(), [&](const std::string& error) {
    return error.starts_with(beginning);
  });
  BOOST_TEST(found, "expected " << beginning << "\ngot "
                                << (errors.empty() ? "no error" : errors.front()));
}

constexpr const char* whole_plan = R"(plan: release-notes
description: Count the words
vars: {dir: /usr/share/doc, n: 3, deep: {list: [1, "2", null, true, 1.5]}}
defaults: {timeout: 60s, retry: {attempts: 3, backoff: 200ms, max: 5s}}
steps:
  - id: list
    exec: [sh, -c, 'ls "$DIR"']
    env: {DIR: "${{ vars.dir }}"}
    output: json
  - id: count
    needs: [list]
    foreach: ${{ steps.list.output }}
    max_parallel: 4
    idempotent: true
    timeout: 1h30m
    retry: {attempts: 5}
    exec: [wc, -w, "${{ vars.dir }}/${{ item }}", 7, true]
  - id: total
    needs: [count, list]
    when: ${{ size(steps.count.outputs) > 0 && always() }}
    exec: [cat]
    cwd: /tmp
    stdin: ${{ join(steps.count.outputs, "\n") }}
    output: none
  - id: end
    needs: [total]
    noop: {}
)";

}  // namespace

BOOST_AUTO_TEST_CASE(a_plan_is_read_with_all_its_keys) {
  const auto plan = plan_of(whole_plan);
  BOOST_TEST(plan.title == "release-notes");
  BOOST_TEST(plan.description == "Count the words");
  BOOST_REQUIRE(plan.steps.size() == 4U);
  const auto& [list, count, total, end] =
      std::tie(plan.steps[0], plan.steps[1], plan.steps[2], plan.steps[3]);
  BOOST_TEST(exec_of(list).env.at("DIR") == "${{ vars.dir }}");
  BOOST_TEST((exec_of(list).output == messages::OutputMode::json));
  BOOST_TEST((list.timeout == 60s && list.retry.attempts == 3 && list.max_parallel == 16));
  BOOST_TEST((count.needs == std::vector<std::uint32_t>{0}));
  BOOST_TEST(count.foreach == "${{ steps.list.output }}");
  BOOST_TEST((count.max_parallel == 4 && count.idempotent && count.timeout == 90min));
  BOOST_TEST((count.retry.attempts == 5 && count.retry.backoff == 200ms && count.retry.max == 5s));
  BOOST_TEST((exec_of(count).argv[3] == "7" && exec_of(count).argv[4] == "true"));
  BOOST_TEST((total.needs == std::vector<std::uint32_t>{1, 0}));
  BOOST_TEST(exec_of(total).cwd == "/tmp");
  BOOST_TEST((exec_of(total).output == messages::OutputMode::none));
  BOOST_TEST(std::holds_alternative<messages::Noop>(end.work));
}

BOOST_AUTO_TEST_CASE(vars_have_the_types_of_json) {
  const auto plan = plan_of(whole_plan);
  BOOST_TEST(messages::to_json(plan.vars.at("deep")) == R"({"list":[1,"2",null,true,"1.5"]})");
  BOOST_TEST(*plan.vars.at("n").integer() == 3);
  const auto odd = plan_of(
      "plan: a\nvars: {a: 007, b: yes, c: 9223372036854775808, d: -5, e: ~, f: 'true'}\n"
      "steps: [{id: a, noop: }]\n");
  BOOST_TEST(messages::to_json(odd.vars) ==
             R"({"a":"007","b":"yes","c":"9223372036854775808","d":-5,"e":null,"f":"true"})");
}

BOOST_AUTO_TEST_CASE(json_is_the_same_document) {
  const auto yaml =
      plan_of("plan: a\nvars: {x: [1, \"b\"]}\nsteps:\n- id: s\n  exec: [ls, \"a\\tb\"]\n");
  const auto json = plan_of(
      "{\n\t\"plan\": \"a\",\n\t\"vars\": {\"x\": [1, \"b\"]},\n"
      "\t\"steps\": [{\"id\":\"s\",\"exec\":[\"ls\",\"a\\tb\"]}]\n}\n");
  BOOST_TEST(messages::encode(yaml) == messages::encode(json));
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_carriage_returns_do_not_matter) {
  const auto plain = plan_of("plan: a\nsteps:\n- id: s\n  exec: [ls]\n  stdin: |\n    x\n");
  const auto other = plan_of(
      "\xEF\xBB\xBFplan: a\r\nsteps:\r\n- id: s\r\n  exec: [ls]\r\n  stdin: |\r\n    x\r\n");
  BOOST_TEST(messages::encode(plain) == messages::encode(other));
  BOOST_TEST(
      only_error_of("\xEF\xBB\xBFplan: a\r\nsteps:\r\n- id: s\r\n  noop: {}\r\n  wen: a\r\n") ==
      "f:5:3: unknown key 'wen' in a step; did you mean 'when'?");
}

BOOST_AUTO_TEST_CASE(an_override_takes_the_type_of_what_is_declared) {
  const std::string text =
      "plan: a\nvars: {n: 1, b: false, s: x, l: [1]}\nsteps: [{id: s, noop: {}}]\n";
  const auto plan = plan_of(text, {"n=-7", "b=true", "s=8=9", "l=y"});
  BOOST_TEST(messages::to_json(plan.vars) == R"({"b":true,"l":"y","n":-7,"s":"8=9"})");
  BOOST_TEST(only_error_of(text, {"n=seven"}) == "--var n=seven: 'n' is an int in the plan");
  BOOST_TEST(only_error_of(text, {"b=1"}) == "--var b=1: 'b' is true or false in the plan");
  BOOST_TEST(only_error_of(text, {"m=1"}) == "--var m=1: the plan has no 'm' in vars");
  BOOST_TEST(only_error_of(text, {"n"}) == "--var n: write NAME=VALUE");
}

BOOST_AUTO_TEST_CASE(durations_are_sums_from_long_to_short) {
  BOOST_TEST((duration_of("200ms") == 200ms && duration_of("60s") == 60s));
  BOOST_TEST((duration_of("1h30m") == 90min && duration_of("1h1m1s1ms") == 3661001ms));
  BOOST_TEST((duration_of("0s") == 0s && duration_of("720h") == 720h));
  for (const char* bad : {"", "5", "s", "1s1s", "1m1h", "1 s", "-1s", "1.5s", "1d", "1S", "721h",
                          "720h1ms", "99999999999h", "4294967296ms"})
    BOOST_TEST(!duration_of(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(a_list_in_the_file_is_a_foreach) {
  const auto plan = plan_of(
      "plan: a\nsteps:\n- id: s\n  foreach: [a.c, 2, {k: \"q\\\"'\"}]\n  exec: [cc, '${{ item "
      "}}']\n");
  BOOST_TEST(plan.steps[0].foreach == R"(${{ ["a.c",2,{"k":"q\"'"}] }})");
}

BOOST_AUTO_TEST_CASE(when_is_true_false_or_one_expression) {
  const auto plan = plan_of(
      "plan: a\nsteps:\n- {id: a, noop: {}, when: false}\n- id: b\n  noop: {}\n"
      "  when: |\n    ${{ 1 ==\n        1 }}\n");
  BOOST_TEST(plan.steps[0].when == "${{ false }}");
  BOOST_TEST(plan.steps[1].when == "${{ 1 ==\n    1 }}");
}

BOOST_AUTO_TEST_CASE(an_expression_in_a_script_draws_a_warning) {
  const auto file = read(
      "plan: a\nvars: {x: 1, unused: '${{ 1 }}'}\nsteps:\n"
      "- {id: a, exec: [/bin/bash, -e, -uc, 'echo ${{ vars.x }}', '${{ vars.x }}']}\n"
      "- {id: b, exec: [sh, -c, 'echo $1', '${{ vars.x }}']}\n"
      "- {id: c, exec: [echo, -c, '${{ vars.x }}']}\n");
  BOOST_TEST(file.errors.empty());
  const auto warnings = texts_of(file.warnings);
  BOOST_REQUIRE(warnings.size() == 2U);
  BOOST_TEST(warnings[0].starts_with("f:2:22: expressions in vars are not evaluated"));
  BOOST_TEST(warnings[1].starts_with("f:4:38: an expression inside a shell's script"));
}

BOOST_AUTO_TEST_CASE(places_inside_scalars_are_exact) {
  const auto place_of = [](const std::string& scalar) {
    const std::string error =
        only_error_of("plan: a\nsteps:\n- id: s\n  exec: [ls]\n  stdin: " + scalar + "\n");
    return error.substr(2, error.find(": ") - 2);
  };
  BOOST_TEST(place_of("plain ${{ nothing }}") == "5:20");
  BOOST_TEST(place_of("\xC3\xA9 ${{ nothing }}") == "5:16");
  BOOST_TEST(place_of("'it''s ${{ nothing }}'") == "5:21");
  BOOST_TEST(place_of(R"("\x41\u00e9\n\"${{ nothing }}")") == "5:29");
  BOOST_TEST(place_of("\"folded\n    lines ${{ nothing }}\"") == "6:15");
  BOOST_TEST(place_of("\"joined \\\n    lines ${{ nothing }}\"") == "6:15");
  BOOST_TEST(place_of("plain\n    over\n\n    lines ${{ nothing }}") == "8:15");
  BOOST_TEST(place_of("|\n    one\n      two\n\n    ${{ nothing }}") == "9:9");
  BOOST_TEST(place_of("|2-\n     one ${{ nothing }}") == "6:14");
  BOOST_TEST(place_of(">-\n    one\n    two\n\n    x${{ nothing }}") == "9:10");
}

BOOST_AUTO_TEST_CASE(ten_thousand_steps_in_a_chain_may_use_what_is_far_behind) {
  std::string text = "plan: chain\nsteps:\n- {id: s0, noop: {}}\n";
  for (int i = 1; i < 10'000; ++i)
    text += "- {id: s" + std::to_string(i) + ", needs: [s" + std::to_string(i - 1) +
            "], exec: [echo, '${{ steps.s" + std::to_string(i / 2) + ".output }}']}\n";
  const auto plan = plan_of(text);
  BOOST_REQUIRE(plan.steps.size() == 10'000U);
  BOOST_TEST((plan.steps[9'999].needs == std::vector<std::uint32_t>{9'998}));
}

BOOST_AUTO_TEST_CASE(each_circle_is_named_once_and_who_leads_into_it_is_not) {
  const auto file = read(
      "plan: a\nsteps:\n- {id: x, needs: [a], noop: {}}\n- {id: a, needs: [b], noop: {}}\n"
      "- {id: b, needs: [a], noop: {}}\n- {id: c, needs: [d, a], noop: {}}\n"
      "- {id: d, needs: [c], noop: {}}\n");
  const auto errors = texts_of(file.errors);
  BOOST_REQUIRE(errors.size() == 2U);
  BOOST_TEST(errors[0] == "f:4:8: these steps need each other in a circle: a -> b -> a");
  BOOST_TEST(errors[1] == "f:6:8: these steps need each other in a circle: c -> d -> c");
}

BOOST_AUTO_TEST_CASE(broken_plans_are_refused_with_the_place) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(bad_plans)) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    std::ifstream in(entry.path());
    std::string line;
    std::size_t expectations = 0;
    for (; std::getline(in, line) && line.starts_with("# expect: "); ++expectations)
      must_be_refused(entry.path(), line.substr(10));
    BOOST_TEST(expectations > 0U, entry.path().string() << " expects nothing");
  }
  BOOST_TEST(files >= 34U);
}

BOOST_AUTO_TEST_CASE(plans_too_large_or_too_broken_to_keep_are_refused_with_the_place) {
  const PrivateDirectory directory;
  const std::string command =
      "'" + (bad_plans / "generate").string() + "' '" + directory.path().string() + "'";
  BOOST_REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream in(directory.path() / "expected");
  std::string line;
  std::size_t files = 0;
  for (; std::getline(in, line); ++files) {
    const std::size_t tab = line.find('\t');
    BOOST_REQUIRE(tab != std::string::npos);
    must_be_refused(directory.path() / line.substr(0, tab), line.substr(tab + 1));
  }
  BOOST_TEST(files >= 20U);
}

BOOST_AUTO_TEST_CASE(what_is_no_readable_file_is_said_so) {
  const auto text = [](const char* path) {
    return texts_of(read_plan_file(path, {}).errors).at(0);
  };
  BOOST_TEST(text("/nowhere/at/all") ==
             "/nowhere/at/all: can't be opened: No such file or directory");
  BOOST_TEST(text("/") == "/: this is a directory");
  BOOST_TEST(text("/dev/zero") == "/dev/zero: a plan has at most 4 MiB");
}

BOOST_AUTO_TEST_CASE(the_example_of_the_manual_is_a_plan) {
  std::ifstream in(documents / "plan.md");
  std::stringstream manual;
  manual << in.rdbuf();
  const std::string opening = "```yaml\n";
  const std::size_t begin = manual.str().find(opening);
  BOOST_REQUIRE(begin != std::string::npos);
  const std::string rest = manual.str().substr(begin + opening.size());
  BOOST_TEST(plan_of(rest.substr(0, rest.find("```"))).title == "word-count");
}

BOOST_AUTO_TEST_CASE(the_examples_are_plans) {
  const auto examples = documents / "examples";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(examples)) {
    if (entry.path().extension() != ".yaml") continue;
    const auto file = read_plan_file(entry.path(), {});
    for (const auto& error : texts_of(file.errors)) BOOST_ERROR(error);
    for (const auto& warning : texts_of(file.warnings)) BOOST_ERROR(warning);
    ++files;
  }
  BOOST_TEST(files >= 2U);
}

}  // namespace queenright::program
