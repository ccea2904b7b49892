"""What waits, what stands in for what failed, what is undone, and what is too much."""

import json
import time

from hive import output, shell, step
from verdict import expect, promise


def statuses(report):
    return {found["id"]: found["status"] for found in report["steps"]}


def logged(hive):
    return (hive.home / "log").read_text(encoding="utf-8").split()


def logs(hive, word):
    return ["sh", "-c", f'echo "$W" >> {hive.home}/log; echo "$W"'], {"W": word}


def logging(hive, name, undone=None, **keys):
    argv, env = logs(hive, name)
    made = {"id": name, "exec": argv, "env": env, **keys}
    if undone:
        argv, env = logs(hive, undone)
        made["rollback"] = {"exec": argv, "env": env}
    return made


@promise("wait: so much time passes, without a worker, and the step has succeeded")
def wait(hive):
    began = time.monotonic()
    report = hive.run(hive.plan([{"id": "pause", "wait": "700ms"},
                                 {"id": "after", "needs": ["pause"], "noop": {}}]))
    took = time.monotonic() - began
    expect(0.7 <= took, f"it took {took} s")
    expect(statuses(report) == {"pause": "succeeded", "after": "succeeded"}, statuses(report))
    expect(step(report, "pause")["tasks"][0]["attempts"] == [], "attempts of a step that waits")
    return f"{took:.1f} s"


@promise("fallback: runs when its step has failed for good, and not before; else it is skipped")
def fallback(hive):
    report = hive.run(hive.plan([
        shell("breaks", "exit 3", retry={"attempts": 2, "backoff": "1ms"}, fallback="spare"),
        logging(hive, "spare"),
        {"id": "works", "noop": {}, "fallback": "idle"},
        logging(hive, "idle"),
        {"id": "next", "needs": ["breaks", "works"], "exec": ["echo", "${{ steps.breaks.output }}"]},
    ]))
    expect(statuses(report) == {"breaks": "failed", "spare": "succeeded", "works": "succeeded",
                                "idle": "skipped", "next": "succeeded"}, statuses(report))
    expect(report["status"] == "succeeded" and logged(hive) == ["spare"], report)
    expect(output(report, "next") == "spare", "what the fallback gave is not what was handed on")
    expect(step(report, "breaks")["fallback"] == "spare", step(report, "breaks"))
    expect(len(step(report, "breaks")["tasks"][0]["attempts"]) == 2, "it was not retried first")


@promise("rollback: when a run fails, what was done is undone, the last first; a success undoes nothing")
def rollback(hive):
    steps = [logging(hive, "a", "undo-a"), logging(hive, "b", "undo-b", needs=["a"]),
             logging(hive, "c", needs=["b"])]
    hive.run(hive.plan(steps))
    expect(logged(hive) == ["a", "b", "c"], logged(hive))
    report = hive.run(hive.plan([*steps, shell("breaks", "exit 4", needs=["c"])]), code=1)
    expect(logged(hive)[3:] == ["a", "b", "c", "undo-b", "undo-a"], logged(hive))
    expect("exit code 4" in report["reason"], report["reason"])
    expect(step(report, "a")["rollbacks"][0]["status"] == "succeeded", step(report, "a"))
    hive.replays_identical()


@promise("rollback: each task of a fan-out that has succeeded, with its element")
def rollback_of_fan_out(hive):
    hive.run(hive.plan([
        {"id": "each", "foreach": ["x", "y"], "max_parallel": 1,
         "exec": ["sh", "-c", f'echo "$E" >> {hive.home}/log'], "env": {"E": "${{ item }}"},
         "rollback": {"exec": ["sh", "-c", f'echo "no-$E" >> {hive.home}/log'],
                      "env": {"E": "${{ item }}"}}},
        shell("breaks", "exit 1", needs=["each"]),
    ]), code=1)
    expect(logged(hive) == ["x", "y", "no-y", "no-x"], logged(hive))


@promise("rollback: one that fails is in the report and in the reason; the others are made")
def failing_rollback(hive):
    broken = logging(hive, "b", needs=["a"])
    broken["rollback"] = {"exec": ["false"]}
    report = hive.run(hive.plan([logging(hive, "a", "undo-a"), broken,
                                 shell("breaks", "exit 1", needs=["b"])]), code=1)
    expect(logged(hive)[-1] == "undo-a", logged(hive))
    expect("1 of its rollbacks failed" in report["reason"], report["reason"])
    expect(step(report, "b")["rollbacks"][0]["status"] == "failed", step(report, "b"))


@promise("budget: a run that takes longer than 'wall' is stopped and rolled back, exit 7")
def wall(hive):
    began = time.monotonic()
    report = hive.run(hive.plan([logging(hive, "a", "undo-a"),
                                 {"id": "long", "needs": ["a"], "exec": ["sleep", "100"]}],
                                budget={"wall": "1s"}), code=7)
    expect(time.monotonic() - began < 60, "it was not stopped")
    expect("budget" in report["reason"], report["reason"])
    expect(logged(hive) == ["a", "undo-a"], logged(hive))


@promise("budget: not one attempt more than 'attempts'; the run has failed, exit 1")
def attempts(hive):
    report = hive.run(hive.plan([
        {"id": "each", "foreach": list(range(10)), "max_parallel": 1,
         "exec": ["sh", "-c", f"echo x >> {hive.home}/log"]}],
        budget={"attempts": 4}), code=1)
    expect(logged(hive) == ["x"] * 4, logged(hive))
    expect("4 attempts" in report["reason"], report["reason"])


@promise("a fallback that can't be one is refused with its place, a circle is named")
def refused(hive):
    for steps, says in [
            ([{"id": "a", "noop": {}, "fallback": "b"}], "there is no such step"),
            ([{"id": "a", "noop": {}, "fallback": "a"}], "its own fallback"),
            ([{"id": "a", "noop": {}, "fallback": "b"},
              {"id": "b", "needs": ["a"], "noop": {}}], "stand in for"),
            ([{"id": "a", "noop": {}, "fallback": "c"}, {"id": "b", "noop": {}, "fallback": "c"},
              {"id": "c", "noop": {}}], "already"),
            ([{"id": "a", "noop": {}, "fallback": "c"}, {"id": "b", "needs": ["a"], "noop": {}},
              {"id": "c", "needs": ["b"], "noop": {}}], "in a circle")]:
        plan = hive.plan(steps)
        ended = hive.expect("run", plan, code=2, says=says)
        expect(f"{plan}:1:" in ended.err, ended)
    expect(json.loads(hive.expect("runs", "list", "-o", "json").out) == [], "it ran")
