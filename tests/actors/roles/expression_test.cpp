#include "actors/roles/plan/expression.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

namespace queenright::roles {
namespace {

using messages::Value;

/// A run's names: `vars.*`, `steps.*.output`, `item`.
class World : public Scope {
 public:
  std::map<std::string, Value> vars;
  std::map<std::string, Value> outputs;
  Value item;
  bool failed = false;

  std::optional<Found> find(std::span<const std::string> path) const override {
    if (path[0] == "item") return Found{&item, 1};
    if (path[0] == "vars" && path.size() > 1) return inside(vars, path[1], 2);
    if (path[0] == "steps" && path.size() > 2) return inside(outputs, path[1], 3);
    return std::nullopt;
  }
  bool any_failed() const override { return failed; }

 private:
  static std::optional<Found> inside(const std::map<std::string, Value>& map,
                                     const std::string& key, std::size_t taken) {
    const auto found = map.find(key);
    if (found == map.end()) return std::nullopt;
    return Found{&found->second, taken};
  }
};

World world() {
  World world;
  world.vars = {{"dir", Value("/usr")},
                {"n", Value(7)},
                {"list", Value(Value::List{Value(1), Value("two"), Value(true)})},
                {"map", Value(Value::Map{{"key", Value("value")}, {"a-b", Value(2)}})}};
  world.outputs = {{"keep-local", Value("kept")}, {"total", Value("42")}};
  world.item = Value(Value::Map{{"name", Value("worker")}});
  return world;
}

TextError parse_error(std::string_view text) {
  TextError error{};
  BOOST_TEST(!Template::parse(text, error).has_value(), text);
  return error;
}

Template parsed(std::string_view text) {
  TextError error{};
  auto result = Template::parse(text, error);
  BOOST_REQUIRE_MESSAGE(result, std::string(text) + ": " + error.reason);
  return std::move(*result);
}

messages::Result<Value> evaluated(const std::string& text, const World& scope = world()) {
  return parsed(text).evaluate(scope);
}

/// The value of an expression, as JSON.
std::string value(const std::string& expression, const World& scope = world()) {
  const auto result = evaluated("${{ " + expression + " }}", scope);
  return result ? messages::to_json(result.value()) : "refused: " + result.reason();
}

/// Why an expression has no value; offsets count from its first character.
std::string refusal(const std::string& expression, const World& scope = world()) {
  const auto result = evaluated("${{" + expression + "}}", scope);
  return result ? "has a value: " + messages::to_json(result.value()) : result.reason();
}

bool says(const std::string& text, std::string_view part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found) BOOST_TEST_MESSAGE("got: " << text);
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_whole_value_keeps_its_type) {
  BOOST_TEST(value("vars.list") == R"([1,"two",true])");
  BOOST_TEST(value("vars.n") == "7");
  BOOST_TEST(value("null") == "null");
  BOOST_TEST(value("'7'") == R"("7")");
}

BOOST_AUTO_TEST_CASE(inside_other_text_a_value_becomes_text) {
  BOOST_TEST(*evaluated("${{ vars.dir }}/${{ vars.n }}.txt").value().text() == "/usr/7.txt");
  BOOST_TEST(*evaluated("l=${{ vars.list }}").value().text() == R"(l=[1,"two",true])");
  BOOST_TEST(*evaluated("${{ vars.n }} ").value().text() == "7 ");
  BOOST_TEST(*evaluated("no expression").value().text() == "no expression");
  BOOST_TEST(*evaluated("").value().text() == "");
}

BOOST_AUTO_TEST_CASE(a_doubled_dollar_writes_the_opening_itself) {
  BOOST_TEST(*evaluated("say $${{ x }}").value().text() == "say ${{ x }}");
  BOOST_TEST(*evaluated("$${{${{ vars.n }}").value().text() == "${{7");
  BOOST_TEST(*evaluated("$HOME ${x} $").value().text() == "$HOME ${x} $");
  BOOST_TEST(!parsed("$${{ x }}").has_expressions());
}

BOOST_AUTO_TEST_CASE(operators_bind_as_in_cel) {
  BOOST_TEST(value("1 + 2 * 3 - 4 / 2 % 2") == "7");
  BOOST_TEST(value("10 - 3 - 2") == "5");
  BOOST_TEST(value("(1 + 2) * -3") == "-9");
  BOOST_TEST(value("1 < 2 && 2 <= 2 || false") == "true");
  BOOST_TEST(value("true || false && false") == "true");
  BOOST_TEST(value("!false && !!true") == "true");
  BOOST_TEST(value("1 == 1 ? 'a' : 1 == 2 ? 'b' : 'c'") == R"("a")");
  BOOST_TEST(value("false ? 1 : false ? 2 : 3") == "3");
  BOOST_TEST(value("-7 / 2") == "-3");
  BOOST_TEST(value("-7 % 2") == "-1");
  BOOST_TEST(value("--3") == "3");
}

BOOST_AUTO_TEST_CASE(comparison_works_on_like_kinds_and_null) {
  BOOST_TEST(value("'a' < 'b'") == "true");
  BOOST_TEST(value("3 >= 4") == "false");
  BOOST_TEST(value("[1, {'a': 2}] == [1, {'a': 2}]") == "true");
  BOOST_TEST(value("vars.n != null") == "true");
  BOOST_TEST(value("null == null") == "true");
  BOOST_TEST(says(refusal("1 == '1'"), "offset 5: '==' does not work on int and string"));
  BOOST_TEST(says(refusal("true < false"), "'<' does not work on bool and bool"));
}

BOOST_AUTO_TEST_CASE(logic_takes_the_short_way) {
  BOOST_TEST(value("false && 1 / 0 == 1") == "false");
  BOOST_TEST(value("true || vars.list[99] == 1") == "true");
  BOOST_TEST(says(refusal("1 && true"), "offset 5: '&&' works on two bools, not on int"));
  BOOST_TEST(says(refusal("true && 'x'"), "not on string"));
  BOOST_TEST(says(refusal("1 ? 2 : 3"), "'?' needs a bool on its left, not int"));
  BOOST_TEST(says(refusal("!1"), "offset 3: '!' does not work on int"));
}

BOOST_AUTO_TEST_CASE(overflow_is_an_error) {
  BOOST_TEST(value("-9223372036854775808") == "-9223372036854775808");
  BOOST_TEST(says(refusal("9223372036854775807 + 1"), "'+' overflows 64 bits"));
  BOOST_TEST(says(refusal("-9223372036854775808 - 1"), "'-' overflows 64 bits"));
  BOOST_TEST(says(refusal("4611686018427387904 * 2"), "'*' overflows 64 bits"));
  BOOST_TEST(says(refusal("-9223372036854775808 / -1"), "'/' overflows 64 bits"));
  BOOST_TEST(says(refusal("-(-9223372036854775808)"), "'-' overflows 64 bits"));
  BOOST_TEST(says(refusal("1 / 0"), "offset 5: '/' by zero"));
  BOOST_TEST(says(refusal("1 % 0"), "'%' by zero"));
  BOOST_TEST(says(parse_error("${{ 9223372036854775808 }}").reason, "does not fit 64 bits"));
}

BOOST_AUTO_TEST_CASE(elements_and_fields_are_found_or_named) {
  BOOST_TEST(value("vars.list[1]") == R"("two")");
  BOOST_TEST(value("vars.map.key") == R"("value")");
  BOOST_TEST(value("vars.map['a-b']") == "2");
  BOOST_TEST(value("vars.map['a-' + 'b']") == "2");
  BOOST_TEST(value("steps['keep-local'].output") == R"("kept")");
  BOOST_TEST(value("item.name") == R"("worker")");
  BOOST_TEST(value("[[1, 2], [3]][0][1]") == "2");
  BOOST_TEST(value("{'a': {'b': 5}}.a.b") == "5");
  BOOST_TEST(value("{'a':{'b':{}}}") == R"({"a":{"b":{}}})");
  BOOST_TEST(says(refusal("vars.list[3]"), "no element 3 in a list of 3"));
  BOOST_TEST(says(refusal("vars.list[-1]"), "no element -1 in a list of 3"));
  BOOST_TEST(says(refusal("vars.map.nothing"), R"(no key "nothing")"));
  BOOST_TEST(says(refusal("vars.n.x"), "does not work on int with string"));
  BOOST_TEST(says(refusal("vars.map[1]"), "does not work on map with int"));
  BOOST_TEST(says(refusal("vars.unheard"), "offset 3: there is no 'vars.unheard' here"));
}

BOOST_AUTO_TEST_CASE(in_looks_into_lists_and_keys_of_maps) {
  BOOST_TEST(value("'two' in vars.list") == "true");
  BOOST_TEST(value("2 in vars.list") == "false");
  BOOST_TEST(value("'key' in vars.map") == "true");
  BOOST_TEST(says(refusal("'a' in 'abc'"), "contains()"));
  BOOST_TEST(says(refusal("1 in vars.map"), "'in' does not work on int and map"));
}

BOOST_AUTO_TEST_CASE(functions_compute) {
  BOOST_TEST(value("size('\xC3\xA9t\xC3\xA9')") == "3");
  BOOST_TEST(value("size(vars.list) + size(vars.map)") == "5");
  BOOST_TEST(value("vars.list.size()") == "3");
  BOOST_TEST(value("int(steps.total.output) > 0") == "true");
  BOOST_TEST(value("int('-5')") == "-5");
  BOOST_TEST(value("string(12) + string([1])") == R"("12[1]")");
  BOOST_TEST(value("join(['a', 1], ', ')") == R"("a, 1")");
  BOOST_TEST(value("join([])") == R"("")");
  BOOST_TEST(value("split('a,b,,', ',')") == R"(["a","b","",""])");
  BOOST_TEST(value("'a b'.split(' ').join('-')") == R"("a-b")");
  BOOST_TEST(value("vars.dir.startsWith('/') && endsWith(vars.dir, 'usr')") == "true");
  BOOST_TEST(value("'haystack'.contains('st')") == "true");
  BOOST_TEST(value(R"(matches('v12', '^v[0-9]+$'))") == "true");
  BOOST_TEST(value(R"('line 7'.matches(r'\d'))") == "true");
  BOOST_TEST(value("[1] + [2]") == "[1,2]");
}

BOOST_AUTO_TEST_CASE(functions_refuse_what_they_can_not_take) {
  BOOST_TEST(says(refusal("int('1.5')"), R"(int() cannot read "1.5" as a number)"));
  BOOST_TEST(says(refusal("int('')"), "cannot read"));
  BOOST_TEST(says(refusal("int([1])"), "int() takes an int or string, not list"));
  BOOST_TEST(says(refusal("size(1)"), "size() takes a string, list or map, not int"));
  BOOST_TEST(says(refusal("join('a', 'b')"), "not string and string"));
  BOOST_TEST(says(refusal("split('a', '')"), "separator"));
  BOOST_TEST(says(refusal("contains([1], 1)"), "x in list"));
  BOOST_TEST(says(refusal("matches('a', '(')"), "cannot use this pattern"));
  BOOST_TEST(says(refusal("'a' + 1"), "offset 7: '+' does not work on string and int"));
}

BOOST_AUTO_TEST_CASE(has_tells_whether_a_key_is_there) {
  BOOST_TEST(value("has(vars.map.key)") == "true");
  BOOST_TEST(value("has(vars.map['other'])") == "false");
  BOOST_TEST(value("has({'a': 1}.b)") == "false");
  BOOST_TEST(value("has(vars.absent)") == "false");
  BOOST_TEST(value("has(item.name)") == "true");
  BOOST_TEST(says(refusal("has(vars.n.x)"), "not into int"));
  BOOST_TEST(says(parse_error("${{ has(1) }}").reason, "has() takes one field"));
}

BOOST_AUTO_TEST_CASE(failure_can_be_asked_for) {
  World failed = world();
  failed.failed = true;
  BOOST_TEST(value("failed()") == "false");
  BOOST_TEST(value("failed()", failed) == "true");
  BOOST_TEST(value("always()") == "true");
  BOOST_TEST(parsed("${{ vars.n == 7 && always() }}").asks_about_failure());
  BOOST_TEST(parsed("${{ failed() }}").asks_about_failure());
  BOOST_TEST(!parsed("${{ vars.n == 7 }}").asks_about_failure());
}

BOOST_AUTO_TEST_CASE(errors_of_grammar_name_their_offset) {
  const auto offset = [](std::string_view text) { return parse_error(text).offset; };
  BOOST_TEST(offset("ab ${{ 1 + }}") == 11);
  BOOST_TEST(offset("ab ${{ 1 2 }}") == 9);
  BOOST_TEST(offset("ab ${{ foo(1) }}") == 7);
  BOOST_TEST(offset("ab ${{ 1") == 3);
  BOOST_TEST(offset("${{ }}") == 4);
  BOOST_TEST(offset("${{ 1 } }") == 6);
  BOOST_TEST(offset("${{ 'abc }}") == 4);
  BOOST_TEST(offset(R"(${{ 'a\q' }})") == 6);
  BOOST_TEST(offset("${{ 1.5 }}") == 4);
  BOOST_TEST(offset("${{ a = 1 }}") == 6);
  BOOST_TEST(offset("${{ size() }}") == 4);
  BOOST_TEST(offset("${{ a.join2() }}") == 6);
  BOOST_TEST(offset("${{ @ }}") == 4);
  BOOST_TEST(says(parse_error("${{ 1").reason, "never closed"));
  BOOST_TEST(says(parse_error("${{ a = 1 }}").reason, "'=='"));
  BOOST_TEST(says(parse_error("${{ now() }}").reason, "there are size int string"));
}

BOOST_AUTO_TEST_CASE(references_are_listed_with_their_places) {
  const auto all = parsed("${{ vars.a + [item][0] }}-${{ has(steps['x-y'].output.k) ? index : 1 }}")
                       .references();
  BOOST_REQUIRE(all.size() == 4U);
  BOOST_TEST((all[0].path == std::vector<std::string>{"vars", "a"}));
  BOOST_TEST(all[0].offset == 4U);
  BOOST_TEST((all[1].path == std::vector<std::string>{"item"}));
  BOOST_TEST((all[2].path == std::vector<std::string>{"steps", "x-y", "output", "k"}));
  BOOST_TEST(all[2].offset == 34U);
  BOOST_TEST((all[3].path == std::vector<std::string>{"index"}));
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
  const auto nested = [](std::string_view open, std::size_t count, std::string_view close) {
    std::string text = "${{ ";
    for (std::size_t i = 0; i < count; ++i) text += open;
    text += "true";
    for (std::size_t i = 0; i < count; ++i) text += close;
    return text + " }}";
  };
  BOOST_TEST(evaluated(nested("(", 60, ")")).value().boolean() != nullptr);
  for (const std::string_view open : {"(", "!", "[", "true ? ", "has(", "{'a':"})
    BOOST_TEST(says(parse_error(nested(open, 10'000, "")).reason, "nested too deeply"));
  BOOST_TEST(says(parse_error(nested("", 1'000, " && true")).reason, "too many operators"));
  BOOST_TEST(says(parse_error(nested("", 1'000, "[0]")).reason, "nested too deeply"));
  BOOST_TEST(says(refusal("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
                  "more than 32 deep"));
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
  World large = world();
  large.vars["text"] = Value(std::string(9U << 20U, ','));
  large.vars["list"] = Value(Value::List(100'001, Value("x")));
  BOOST_TEST(says(refusal("vars.text + vars.text", large), "'+' makes a text of more than 16 MiB"));
  BOOST_TEST(says(refusal("vars.list + vars.list", large), "'+' makes more than 200,000 elements"));
  BOOST_TEST(says(refusal("split(vars.text, ',')", large), "split() makes more than 200,000"));
  BOOST_TEST(says(refusal("join([vars.text, vars.text])", large), "more than 16 MiB"));
  BOOST_TEST(says(refusal("[vars.list, vars.list]", large), "more than 200,000 elements"));
  BOOST_TEST(says(refusal("matches(vars.text, 'a')", large), "at most 1 MiB"));
  const auto text = evaluated("${{ vars.text }}${{ vars.text }}", large);
  BOOST_TEST(says(text.reason(), "more than 16 MiB"));
  std::string again = "size(vars.list + [1])";
  for (int i = 0; i < 20; ++i) again += " + size(vars.list + [1])";
  BOOST_TEST(says(refusal(again, large), "too much in all"));
  const std::string long_text = "${{ '" + std::string(70'000, 'a') + "' }}";
  BOOST_TEST(!evaluated("${{ size('" + std::string(60'000, 'a') + "') }}").value().is_null());
  BOOST_TEST(parse_error(long_text).offset == 4U);
}

BOOST_AUTO_TEST_CASE(a_pattern_can_not_take_the_machine) {
  World long_text = world();
  long_text.vars["text"] = Value(std::string(100'000, 'a'));
  BOOST_TEST(value("matches(vars.text, '^(a|a)*(a|a)*b')", long_text) == "false");
  BOOST_TEST(says(refusal("matches('', '((a{100}){100}){100}')"), "cannot use this pattern"));
  const std::string longest(1'001, 'a');
  BOOST_TEST(says(refusal("matches('', '" + longest + "')"), "at most 1000 bytes"));
}

BOOST_AUTO_TEST_CASE(any_bytes_are_parsed_or_refused) {
  const std::string sample =
      R"(a ${{ [1, 'x'].join(",") + {"k": -2}.k ? has(a.b[0]) : !c }} $${{ d)";
  for (std::size_t place = 0; place < sample.size(); ++place)
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = sample;
      changed[place] = static_cast<char>(byte);
      TextError error{std::numeric_limits<std::size_t>::max(), ""};
      const auto result = Template::parse(changed, error);
      BOOST_REQUIRE(result || (error.offset <= changed.size() && !error.reason.empty()));
      if (result) (void)result->evaluate(world());
    }
}

}  // namespace queenright::roles
