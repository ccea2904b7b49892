"""The report of a run, and what the program's exit code says."""

import difflib
import json
import sys

from hive import shell, step, task, until
from verdict import expect, promise

WORKS_AND_GROWS = ("import time\nheld = bytearray(100 << 20)\n"
                   "while time.process_time() < 0.3: pass")


@promise("report: who, what, when, how it ended, what it used; every attempt with its end")
def contents(hive):
    report = hive.run(hive.plan([
        {"id": "used", "exec": [sys.executable, "-c", WORKS_AND_GROWS]},
        shell("code", "echo out; echo complaint >&2; exit 42", retry={"attempts": 2,
                                                                      "backoff": "1ms"}),
        shell("signal", "kill -SEGV $$"),
    ]), code=1)
    expect(report["run"] == "plan-1" and report["plan"] == "plan", report)
    expect(report["plan_hash"].startswith("sha256:") and report["status"] == "failed", report)
    expect(report["exit_code"] == 1 and report["started"] < report["ended"], report)
    code = task(report, "code")["attempts"]
    expect(len(code) == 2 and all(tried["exit_code"] == 42 for tried in code), code)
    expect(all(tried["status"] == "exited" and tried["worker"] for tried in code), code)
    expect(code[0]["diagnostics"] == "complaint\n" or code[0]["diagnostics"] == "complaint", code)
    expect(code[0]["output_digest"].startswith("sha256:") and code[0]["output_bytes"] == 4, code)
    signal = task(report, "signal")["attempts"][0]
    expect(signal["status"] == "signalled" and signal["signal"] == 11, signal)
    used = task(report, "used")["attempts"][0]
    expect(250 <= used["processor_milliseconds"] < 20_000, used)
    expect(100 << 20 <= used["peak_memory_bytes"] < 400 << 20, used)
    resources = report["resources"]
    expect(resources["attempts"] == 4 and resources["retries"] == 1, resources)
    expect(resources["peak_memory_bytes"] == used["peak_memory_bytes"], resources)
    return (f"{used['processor_milliseconds']} ms of processor time, "
            f"{used['peak_memory_bytes'] >> 20} MiB")


@promise("report: the same bytes live and, later, from the journal alone; JSON and for people")
def same_bytes(hive):
    plan = hive.plan([{"id": "a", "exec": ["echo", "ü"]}, shell("b", "echo no >&2; exit 1")])
    lives = {style: hive.do("run", plan, "-o", style) for style in ("json", "human")}
    for number, (style, live) in enumerate(lives.items(), 1):
        expect(live.code == 1, live)
        later = hive.expect("runs", "report", f"plan-{number}", "-o", style)
        different = difflib.unified_diff(live.out.splitlines(), later.out.splitlines(), "live",
                                         "later", lineterm="", n=1)
        expect(live.out == later.out, "\n".join(different))
    for name in ("plan-2 failed", "exit code 1", "succeeded", "| no", "processor time"):
        expect(name in live.out, live.out)


@promise("runs list: every run with its state, oldest first; JSON where nobody looks")
def listing(hive):
    for name, program, code in (("good", "true", 0), ("bad", "false", 1)):
        hive.run(hive.plan([{"id": "a", "exec": [program]}], name=name), code=code)
    found = [(run["run"], run["status"], run["exit_code"]) for run in hive.runs()]
    expect(found == [("good-1", "succeeded", 0), ("bad-2", "failed", 1)], found)
    human = hive.expect("runs", "list", "-o", "human").out.splitlines()
    expect(human[0].startswith("RUN") and "good-1" in human[1] and "bad-2" in human[2], human)
    expect(json.loads(hive.expect("runs", "list").out), "no JSON on a pipe")


@promise("exit codes: 0 success, 1 failed, 2 usage, 3 no such run, 6 directory in use, 7 time-out")
def exit_codes(hive):
    fine, bad = (hive.plan([{"id": "a", "exec": [name]}], name=name) for name in ("true", "false"))
    hive.expect("run", fine)
    hive.expect("run", bad, code=1)
    hive.expect("run", hive.home / "none.yaml", code=2, says="none.yaml")
    hive.expect("run", hive.home, code=2, says="this is a directory")
    hive.expect("rnu", code=2)
    hive.expect(code=2)
    hive.expect("run", fine, "--slots", "0", code=2)
    hive.expect("runs", "report", "nobody-7", code=3, says="no run 'nobody-7'")
    hive.expect("runs", "export", "nobody-7", hive.home / "x", code=3)
    hive.expect("runs", "resume", "nobody-7", code=3)
    hive.expect("runs", "retry", "true-1", "--step", "a", code=2, says="has succeeded")
    holder = hive.start("run", hive.plan([shell("a", "touch gate; sleep 1000", cwd=str(hive.home))]))
    until((hive.home / "gate").exists, "the first run's step")
    hive.expect("run", fine, code=6, says=f"in use by process {holder.pid}")
    holder.kill()


@promise("--key: the same key is the same run, however often; another plan under it is refused")
def keys(hive):
    count = hive.home / "count"
    plan = hive.plan([shell("a", f"echo x >> {count}")])
    first = hive.run(plan, "--key", "once")
    again = hive.run(plan, "--key", "once")
    expect(first["run"] == again["run"] and count.read_text() == "x\n", f"{again['run']}: {count.read_text()}")
    other = hive.plan([shell("a", f"echo y >> {count}")], name="other")
    hive.expect("run", other, "--key", "once", code=2, says="key was already used")
    hive.run(plan)
    expect(count.read_text() == "x\nx\n" and len(hive.runs()) == 2, hive.runs())


@promise("steps of one run go on when another step has failed; the first failure is the reason")
def independent(hive):
    report = hive.run(hive.plan([
        shell("bad", "exit 9"),
        shell("slow", "until [ -e gate ]; do sleep 0.01; done"),
        shell("opens", "touch gate", needs=["bad"], when="${{ failed() }}"),
    ]), code=1)
    expect(step(report, "slow")["status"] == "succeeded", report)
    expect("'bad'" in report["reason"], report["reason"])


@promise("a report that can't be written is not passed over: exit 6; the run is as it was")
def full_stdout(hive):
    plan = hive.plan([{"id": "a", "noop": {}}])
    with open("/dev/full", "w", encoding="utf-8") as full:
        ended = hive.do("run", plan, stdout=full)
    expect(ended.code == 6 and "stdout can't be written" in ended.err, ended)
    expect(hive.runs()[0]["status"] == "succeeded", hive.runs())
