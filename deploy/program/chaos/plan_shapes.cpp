#include "deploy/program/chaos/plan_shapes.hpp"

#include <array>

#include "deploy/program/plan/plan_file.hpp"
#include "messages/ensure.hpp"

namespace queenright::program {
namespace {

struct Shape {
  const char* text;
  std::vector<Mark> marks;
};

const std::array<Shape, 3>& shapes() {
  static const std::array<Shape, 3> all{{
      {R"(plan: chain
vars: {key: "", marks: ""}
steps:
  - id: a
    exec: [sh, -c, 'echo "$MARK" >> "$FILE"']
    env: {MARK: "${{ vars.key }} a", FILE: "${{ vars.marks }}"}
  - id: b
    needs: [a]
    exec: [sh, -c, 'sleep 0.1; echo "$MARK" >> "$FILE"; sleep 0.1']
    env: {MARK: "${{ vars.key }} b", FILE: "${{ vars.marks }}"}
  - id: c
    needs: [b]
    exec: [sh, -c, 'echo "$MARK" >> "$FILE"']
    env: {MARK: "${{ vars.key }} c", FILE: "${{ vars.marks }}"}
)",
       {{"a", true}, {"b", true}, {"c", true}}},
      {R"(plan: fan
vars: {key: "", marks: ""}
steps:
  - id: begin
    noop: {}
  - id: each
    needs: [begin]
    foreach: ${{ [1, 2, 3, 4] }}
    idempotent: true
    exec: [sh, -c, 'sleep 0.05; echo "$MARK" >> "$FILE"']
    env: {MARK: "${{ vars.key }} each/${{ item }}", FILE: "${{ vars.marks }}"}
  - id: last
    needs: [each]
    exec: [sh, -c, 'echo "$MARK" >> "$FILE"']
    env: {MARK: "${{ vars.key }} last", FILE: "${{ vars.marks }}"}
)",
       {{"each/1", false},
        {"each/2", false},
        {"each/3", false},
        {"each/4", false},
        {"last", true}}},
      {R"(plan: pair
vars: {key: "", marks: ""}
steps:
  - id: once
    exec: [sh, -c, 'echo "$MARK" >> "$FILE"; sleep 0.3']
    env: {MARK: "${{ vars.key }} once", FILE: "${{ vars.marks }}"}
  - id: again
    idempotent: true
    exec: [sh, -c, 'sleep 0.2; echo "$MARK" >> "$FILE"']
    env: {MARK: "${{ vars.key }} again", FILE: "${{ vars.marks }}"}
  - id: joined
    needs: [once, again]
    noop: {}
)",
       {{"once", true}, {"again", false}}},
  }};
  return all;
}

}  // namespace

std::size_t plan_shapes() { return shapes().size(); }

std::vector<Mark> marks_of(std::size_t shape) { return shapes().at(shape).marks; }

roles::Plan plan_of(std::size_t shape, const std::string& key, const std::filesystem::path& marks) {
  auto reading = read_plan(shapes().at(shape).text, "a plan of the workload",
                           {"key=" + key, "marks=" + marks.string()});
  messages::ensure(reading.errors.empty(), "the workload's plans are sound");
  return std::move(reading.plan);
}

}  // namespace queenright::program
