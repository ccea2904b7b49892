"""Expressions compute, and what is wrong with a plan is said with its place."""

import re

from hive import ROOT, output, step
from verdict import expect, promise

COMPUTED = [  # an expression, and its text
    ("1 + 2 * 3 - 8 / 3 % 2", "7"), ("-7 / 2", "-3"), ("-7 % 3", "-1"), ("(1 + 2) * 3", "9"),
    ('"a" + "b"', "ab"), ("[1] + [2, 3]", "[1,2,3]"), ('{"b": 1, "a": [null, true]}',
                                                     '{"a":[null,true],"b":1}'),
    ("1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", "true"), ("1 == 1 && 1 != 2 && !(1 == 2)", "true"),
    ('"a" < "b" || 1 / 0 == 1', "true"), ("2 in [1, 2]", "true"), ('"k" in {"k": 0}', "true"),
    ("true ? 1 : 1 / 0", "1"), ('{"a": {"b": [5, 6]}}.a.b[1]', "6"), ('size("naïve")', "5"),
    ("size([1, 2]) + size({})", "2"), ('int("42") + 1', "43"), ("string(1) + string(true)", "1true"),
    ('join([1, "b", true], "-")', "1-b-true"), ('split("a,b,c", ",")[2]', "c"),
    ('has({"a": 1}.a)', "true"), ('has({"a": 1}.b)', "false"),
    ('matches("abc", "^a.c$")', "true"), ('startsWith("abc", "ab")', "true"),
    ('endsWith("abc", "bc")', "true"), ('contains("abc", "xb")', "false"), ("vars.n * 2", "6"),
    ("9223372036854775807", "9223372036854775807"), ("null", "null"), ("failed()", "false"),
]

REFUSED = [  # an expression that fails its step, and what is said
    ("9223372036854775807 + 1", "overflow"), ("1 / vars.zero", "zero"), ('1 + vars.s', "int"),
    ("vars.l[5]", "5"), ("vars.m.no", "no"), ('int(vars.s)', "as a number"),
    ('vars.s ? 1 : 2', "bool"), ("-(-9223372036854775807 - 1)", "overflow"),
]


@promise("expressions: literals, fields, indices, operators and functions of the subset")
def expressions(hive):
    steps = [{"id": f"e{i}", "exec": ["printf", "%s", f"${{{{ {text} }}}}"]}
             for i, (text, _) in enumerate(COMPUTED)]
    report = hive.run(hive.plan(steps, vars={"n": 3}))
    wrong = [(text, output(report, f"e{i}"), wanted)
             for i, (text, wanted) in enumerate(COMPUTED) if output(report, f"e{i}") != wanted]
    expect(not wrong, f"expression, value, expected: {wrong}")


@promise("expressions: a wrong type, an overflow or a missing key fails the step and names it")
def refused_expressions(hive):
    steps = [{"id": f"e{i}", "exec": ["echo", f"${{{{ {text} }}}}"]}
             for i, (text, _) in enumerate(REFUSED)]
    values = {"zero": 0, "s": "text", "l": [], "m": {}}
    report = hive.run(hive.plan(steps, vars=values), code=1)
    for i, (text, says) in enumerate(REFUSED):
        found = step(report, f"e{i}")
        expect(found["status"] == "failed" and says in found["reason"] and "exec" in found["reason"],
               f"{text}: {found['status']}: {found.get('reason')}")


@promise("plan errors: file:line:column for each, all at once, and nothing is started")
def all_at_once(hive):
    plan = hive.write("broken.yaml", """plan: broken
steps:
  - id: a
    exec: [touch, {home}/started]
  - id: b
    needs: [a, missing]
    timeout: 5 parsecs
    noop: {}
  - id: a
    when: ${{ steps.b. }}
    noop: {}
  - id: c
    typo: 1
    noop: {}
""".replace("{home}", str(hive.home)))
    ended = hive.expect("run", plan, code=2)
    lines = [line for line in ended.err.splitlines() if line.startswith(f"{plan}:")]
    places = [tuple(map(int, re.match(r".*?:(\d+):(\d+): ", line).groups())) for line in lines]
    expect({(6, 16), (7, 14), (9, 9), (13, 5)} <= set(places), ended)
    expect(any(line == 10 for line, _ in places), ended)
    expect(not (hive.home / "started").exists(), "a step was started")
    expect(not hive.data.exists(), f"{hive.data} was made")
    return f"{len(lines)} errors"


@promise("plan errors: a cycle is named step by step")
def cycle(hive):
    plan = hive.plan([{"id": name, "needs": [need], "noop": {}}
                      for name, need in [("a", "c"), ("b", "a"), ("c", "b")]])
    hive.expect("run", plan, code=2, says="a -> ")


@promise("keys of the plan language that come later: exit 2, 'not in this version', the place")
def later_keys(hive):
    step_keys = {"http": {}, "patch": {}, "compose": {}, "simulation": {}}
    plans = [(key, hive.write(f"{key}.yaml", f"plan: a\nsteps:\n  - id: a\n    noop: {{}}\n"
                                             f"    {key}: {value}\n"), "5:5")
             for key, value in step_keys.items()]
    for key, plan, place in plans:
        ended = hive.expect("run", plan, code=2, says="not in this version")
        expect(f"{plan}:{place}: " in ended.err and f"'{key}'" in ended.err, ended)
    return f"{len(plans)} keys"


@promise("an expression inside a shell's script is warned of; the plan runs")
def script_warning(hive):
    plan = hive.plan([{"id": "a", "exec": ["sh", "-c", "echo ${{ vars.x }}"]}], vars={"x": "y"})
    hive.expect("run", plan, says="pass it by 'env'")


@promise("the reference pages document every key that the program knows")
def documented(_):
    page = ROOT / "docs/plan.md"
    expect(page.exists(), "docs/plan.md is missing")
    text = page.read_text(encoding="utf-8")
    keys = ("needs when foreach max_parallel env cwd stdin output timeout retry idempotent vars "
            "defaults exec noop").split()
    unsaid = [key for key in keys if key not in text]
    expect(not unsaid, f"not in docs/plan.md: {unsaid}")
