"""Every key of a plan does what the guide says of it."""

import hashlib
import json
import os
import sys

from hive import output, shell, step, task, until
from verdict import expect, promise

PRINT_ARGV = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))"]


def statuses(report):
    return {found["id"]: found["status"] for found in report["steps"]}


@promise("needs: a step starts when all that it needs has succeeded, and not before")
def needs(hive):
    log = f">> {hive.home}/log"
    hive.run(hive.plan([
        shell("last", f"echo last {log}", needs=["left", "right"]),
        shell("left", f"echo left {log}", needs=["first"]),
        shell("right", f"echo right {log}", needs=["first"]),
        shell("first", f"echo first {log}"),
    ]))
    order = (hive.home / "log").read_text().split()
    expect(len(order) == 4 and order[0] == "first" and order[3] == "last", order)


@promise("when: false skips the step; what needs a skipped step goes on")
def when(hive):
    report = hive.run(hive.plan([
        {"id": "asks", "exec": ["echo", "5"]},
        {"id": "no", "needs": ["asks"], "when": "${{ int(steps.asks.output) > 6 }}", "noop": {}},
        {"id": "yes", "needs": ["asks"], "when": "${{ int(steps.asks.output) > 4 }}", "noop": {}},
        {"id": "after", "needs": ["no"], "noop": {}},
    ]))
    expect(statuses(report) == {"asks": "succeeded", "no": "skipped", "yes": "succeeded",
                                "after": "succeeded"}, statuses(report))


@promise("after a failure only steps with failed() or always() run, and the run has failed")
def after_failure(hive):
    report = hive.run(hive.plan([
        shell("breaks", "exit 3"),
        {"id": "next", "needs": ["breaks"], "noop": {}},
        {"id": "mourns", "needs": ["breaks"], "when": "${{ failed() }}", "noop": {}},
        {"id": "cleans", "needs": ["next"], "when": "${{ always() }}", "noop": {}},
        {"id": "apart", "noop": {}},
    ]), code=1)
    expect(statuses(report) == {"breaks": "failed", "next": "skipped", "mourns": "succeeded",
                                "cleans": "succeeded", "apart": "succeeded"}, statuses(report))
    expect("breaks" in report["reason"] and "exit code 3" in report["reason"], report["reason"])


@promise("foreach: a task an element, with item and index; outputs in the order of the elements")
def foreach(hive):
    turn = hive.home / "turn"
    os.mkfifo(turn)
    first_ends_last = (f'case $I in 0) read -r _ < {turn} ;; 1) echo > {turn} ;; esac; '
                       'echo "$I $E"')
    report = hive.run(hive.plan([
        {"id": "list", "exec": ["echo", '["a", {"k": "b"}, "c"]'], "output": "json"},
        shell("each", first_ends_last, needs=["list"], foreach="${{ steps.list.output }}",
              env={"I": "${{ index }}", "E": "${{ item }}"}),
        {"id": "joined", "needs": ["each"], "exec": ["cat"],
         "stdin": '${{ join(steps.each.outputs, "|") }}'},
        {"id": "none", "foreach": [], "exec": ["false"]},
    ]))
    expect(output(report, "joined") == '0 a|1 {"k":"b"}|2 c', output(report, "joined"))
    expect(step(report, "none")["tasks"] == [], "tasks of an empty list")


@promise("foreach: more than 100,000 elements fail the step, with the reason")
def too_many_elements(hive):
    plan = hive.plan([{"id": "a", "foreach": "${{ vars.many }}", "noop": {}}],
                     vars={"many": list(range(100_001))})
    report = hive.run(plan, code=1)
    expect("at most 100,000 elements, there are 100001" in report["reason"], report["reason"])


@promise("max_parallel: so many tasks of a step at once and never more; 16 when it says nothing")
def max_parallel(hive):
    def most_at_once(name, least, **keys):
        gate = hive.gate()
        log = hive.home / name
        script = f"echo + >> {log}; {gate.wait}; echo - >> {log}"
        plan = hive.plan([shell("each", script, foreach=list(range(40)), **keys)], name=name)
        running = hive.start("run", plan, "-q", "--slots", "64")
        until(lambda: log.exists() and len(log.read_text().split()) >= least, f"{least} at once")
        gate.open()
        expect(hive.finish(running).code == 0, name)
        now = most = 0
        for sign in log.read_text().split():
            now += 1 if sign == "+" else -1
            most = max(most, now)
        return most

    three = most_at_once("three", 3, max_parallel=3)
    default = most_at_once("default", 16)
    expect(three == 3, f"{three} at once instead of 3")
    expect(default == 16, f"{default} at once instead of 16")


@promise("exec: the arguments arrive exactly as they are written; there is no shell")
def argv(hive):
    arguments = ["", " a  b ", "$HOME", "*", "~", "'\"`\\", "two\nlines", "naïve ☃", "-n", "a;b|c>d",
                 "${HOME}", "$(id)", "%s", "\t"]
    report = hive.run(hive.plan([{"id": "a", "exec": PRINT_ARGV + arguments, "output": "json"}]))
    expect(output(report, "a") == arguments, output(report, "a"))


@promise("env: what the plan states and PATH, HOME, LANG; nothing else of the caller's")
def env(hive):
    hive.data.mkdir()
    plan = hive.plan([{"id": "a", "exec": ["cat", "/proc/self/environ"],
                       "env": {"STATED": "a b", "HOME": "/nowhere"}}])
    ended = hive.do("run", plan, "-o", "json", env={"SECRET": "hush", "LC_ALL": "C"})
    expect(ended.code == 0, ended)
    seen = dict(pair.split("=", 1)
                for pair in output(json.loads(ended.out), "a").split("\0") if pair)
    expect(seen.keys() == {"STATED", "PATH", "HOME", "LANG"}, sorted(seen))
    expect(seen["STATED"] == "a b" and seen["HOME"] == "/nowhere", seen)


@promise("cwd: a private scratch directory of the run, gone afterwards, or the one that is named")
def cwd(hive):
    other = hive.home / "other"
    other.mkdir()
    report = hive.run(hive.plan([
        shell("writes", "pwd; stat -c %a .; echo text > file; mkdir below"),
        {"id": "reads", "needs": ["writes"], "exec": ["cat", "file"]},
        {"id": "below", "needs": ["writes"], "exec": ["pwd"], "cwd": "below"},
        {"id": "named", "exec": ["pwd"], "cwd": str(other)},
    ]))
    scratch, mode = output(report, "writes").split("\n")
    expect(mode == "700" and scratch.startswith(str(hive.data)), output(report, "writes"))
    expect(output(report, "reads") == "text", report)
    expect(output(report, "below") == scratch + "/below", output(report, "below"))
    expect(output(report, "named") == str(other), output(report, "named"))
    left = list((hive.data / "scratch").glob("*"))
    expect(not left, f"left behind: {left}")
    missing = hive.run(hive.plan([{"id": "a", "exec": ["true"], "cwd": "/no/such"}]), code=1)
    expect("no such directory: /no/such" in missing["reason"], missing["reason"])


@promise("stdin: the text that the plan gives; nothing when it gives none")
def stdin(hive):
    long = "line\n" * 30_000
    report = hive.run(hive.plan([
        {"id": "given", "exec": ["cat"], "stdin": "a\n${{ 1 + 1 }}"},
        {"id": "long", "exec": ["sha256sum"], "stdin": "${{ vars.long }}"},
        {"id": "none", "exec": ["wc", "-c"]},
        {"id": "unread", "exec": ["true"], "stdin": "${{ vars.long }}"},
    ], vars={"long": long}))
    expect(output(report, "given") == "a\n2", output(report, "given"))
    expect(output(report, "none") == "0", output(report, "none"))
    digest = hashlib.sha256(long.encode()).hexdigest()
    expect(output(report, "long").startswith(digest), output(report, "long"))


@promise("output: text loses one trailing newline, json becomes a value, none is dropped")
def output_kinds(hive):
    report = hive.run(hive.plan([
        {"id": "text", "exec": ["printf", "a\n\n"]},
        {"id": "json", "output": "json",
         "exec": ["echo", '{"n": -7, "f": 1.50, "l": [true, null, "ü"]}']},
        {"id": "uses", "needs": ["json"],
         "exec": ["echo", "${{ steps.json.output.n + 8 }}", "${{ steps.json.output.l[2] }}"]},
        {"id": "none", "output": "none", "exec": ["echo", "unseen"]},
    ]))
    expect(output(report, "text") == "a\n", repr(output(report, "text")))
    value = output(report, "json")
    expect(value == {"n": -7, "f": "1.50", "l": [True, None, "ü"]}, value)
    expect(output(report, "uses") == "1 ü", output(report, "uses"))
    expect(output(report, "none") is None, output(report, "none"))
    bad = hive.run(hive.plan([{"id": "a", "exec": ["echo", "{'a': 1}"], "output": "json"}]), code=1)
    expect("JSON" in bad["reason"], bad["reason"])


@promise("output: 64 KiB an attempt are kept, all of it is counted and hashed; cut JSON fails")
def bounded_capture(hive):
    report = hive.run(hive.plan([shell("a", "yes 0123456 | head -c 1000000")]))
    attempt = task(report, "a")["attempts"][0]
    written = b"0123456\n" * 125_000
    expect(attempt["output_bytes"] == 1_000_000 and attempt["output_cut"], attempt)
    expect(attempt["output_digest"] == "sha256:" + hashlib.sha256(written).hexdigest(), attempt)
    kept = output(report, "a")
    expect(written.decode().startswith(kept) and 65_535 <= len(kept) <= 65_536, len(kept))
    cut = hive.run(hive.plan([shell("a", "echo '['; yes 1, | head -c 100000; echo 1]",
                                    output="json")]), code=1)
    expect(step(cut, "a")["status"] == "failed", cut["reason"])
    return cut["reason"]


@promise("output: 16 MiB a run are kept; what is beyond is marked as cut")
def bounded_run(hive):
    report = hive.run(hive.plan([shell("a", "yes | head -c 65536", foreach=list(range(300)))]))
    tasks = step(report, "a")["tasks"]
    kept = sum(len(found.get("output", "")) for found in tasks)
    expect(15 << 20 < kept <= 16 << 20, f"{kept} bytes kept")
    unmarked = [found["element"] for found in tasks
                if len(found.get("output", "")) < 65_535
                and not found["attempts"][0].get("output_cut")]
    expect(not unmarked, f"silently dropped: elements {unmarked[:5]}")


@promise("timeout: TERM, KILL 5 s later; the step is timed_out and the run ends with 7")
def timeout(hive):
    stubborn = f"trap 'echo termed >> {hive.home}/log' TERM; while :; do sleep 0.1; done"
    report = hive.run(hive.plan([
        shell("soft", "echo begun; sleep 1000", timeout="200ms"),
        shell("hard", stubborn, timeout="200ms"),
    ]), code=7)
    expect(statuses(report) == {"soft": "timed_out", "hard": "timed_out"}, statuses(report))
    soft, hard = (task(report, name)["attempts"][0] for name in ("soft", "hard"))
    expect(soft["status"] == "timed_out" and soft["signal"] == 15, soft)
    expect(hard["status"] == "timed_out" and hard["signal"] == 9, hard)
    expect("termed" in (hive.home / "log").read_text(), "TERM never came")
    expect(5000 <= hard["milliseconds"] < 15_000, hard)


@promise("retry: of known failures, so many attempts in all, backing off between them")
def retry(hive):
    count = f"echo x >> {hive.home}/$N; [ $(grep -c x {hive.home}/$N) -ge 3 ]"
    policy = {"attempts": 3, "backoff": "50ms", "max": "100ms"}
    report = hive.run(hive.plan([
        shell("third", count, env={"N": "third"}, retry=policy),
        shell("never", f"echo x >> {hive.home}/never; kill -9 $$", retry=policy),
        shell("once", f"echo x >> {hive.home}/once; false"),
    ]), code=1)
    tries = {name: (hive.home / name).read_text().count("x") for name in ("third", "never", "once")}
    expect(tries == {"third": 3, "never": 3, "once": 1}, tries)
    expect(statuses(report) == {"third": "succeeded", "never": "failed", "once": "failed"},
           statuses(report))
    expect(report["resources"]["retries"] == 4, report["resources"])


@promise("vars and --var: overridden by name, ints and bools keep their kind")
def variables(hive):
    plan = hive.plan([{"id": "a", "exec": ["echo", "${{ vars.who }}", "${{ vars.n + 1 }}",
                                           "${{ vars.yes ? 1 : 2 }}", "${{ vars.l[1].k }}"]}],
                     vars={"who": "world", "n": 3, "yes": True, "l": [0, {"k": "deep"}]})
    expect(output(hive.run(plan), "a") == "world 4 1 deep", "defaults")
    report = hive.run(plan, "--var", "who=a=b c", "--var", "n=-5", "--var", "yes=false")
    expect(output(report, "a") == "a=b c -4 2 deep", output(report, "a"))
    for option, says in [("whom=x", "did you mean 'who'"), ("n=x", "'n' is an int"),
                         ("yes=1", "true or false"), ("who", "NAME=VALUE")]:
        hive.expect("run", plan, "--var", option, code=2, says=says)


@promise("defaults: timeout and retry of every step that states none")
def defaults(hive):
    report = hive.run(hive.plan([
        shell("falls", f"echo x >> {hive.home}/falls; sleep 1000"),
        shell("own", f"echo x >> {hive.home}/own; sleep 0.5; false", timeout="60s",
              retry={"attempts": 1}),
    ], defaults={"timeout": "100ms", "retry": {"attempts": 2, "backoff": "10ms"}}), code=7)
    expect(len(task(report, "falls")["attempts"]) == 2, task(report, "falls"))
    expect(len(task(report, "own")["attempts"]) == 1, task(report, "own"))
    expect(statuses(report) == {"falls": "timed_out", "own": "failed"}, statuses(report))
