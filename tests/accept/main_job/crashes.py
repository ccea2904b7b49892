"""Killed with -9 at any moment, every run is taken to its end, and nothing is done twice."""

import json
import os
import random
import subprocess
import time

from hive import PATIENCE, Hive, reports_in, shell, until
from unit_tests import unit_test
from verdict import expect, promise

SUBMIT, RESUME = ("run", "kills.json", "--key", "kills"), ("runs", "resume", "--all")
FATES = ("exited", "unknown")


def child(hive, name, **keys):
    """A step whose child leaves a mark, takes its time, and says its name."""
    script = f'echo "$ME" >> {hive.home}/marks; sleep 0.0$((${{#ME}} % 4)); echo "$ME"'
    return shell(name, script, env={"ME": keys.pop("me", name)}, **keys)


def write_plan(hive):
    fan = {"foreach": ["", "a", "ab", "abc", "abcd"], "needs": ["first"]}
    hive.plan([
        child(hive, "first"),
        child(hive, "again", me="again${{ item }}", idempotent=True, **fan),
        child(hive, "once", me="once${{ item }}", max_parallel=3, **fan),
        {"id": "joint", "needs": ["again", "once"], "noop": {}},
        child(hive, "last", needs=["joint"]),
    ], name="kills")


def ended_children(hive):
    """(name, attempt) of each child whose exit stands in the journal."""
    tail = hive.do("journal", "tail", hive.data, "-n", "1000000", "-o", "human")
    if tail.code != 0:  # killed before it had one
        expect("not a journal" in tail.err or "there is no" in tail.err, tail)
        return set()
    bodies = (json.loads(line[line.index("{"):])["body"] for line in tail.out.splitlines())
    exits = [body["ChildExited"] for body in bodies if "ChildExited" in body]
    return {(found["outcome"]["output"], found["attempt"]["attempt"]) for found in exits}


class Round:
    """One run, killed so many times, taken up again each time and brought to its end."""

    def __init__(self, hive, chance, longest_life):
        self.hive, self.chance, self.longest_life = hive, chance, longest_life
        self.kills = self.asked = 0
        self.exits = set()
        write_plan(hive)

    def play(self, kills):
        next_life = SUBMIT
        while True:
            report = self.live(*next_life, patience=self.patience(kills))
            if report is None:
                began = (self.hive.data / "journal").exists()  # else there is nothing to resume
                next_life = self.chance.choice((SUBMIT, RESUME, RESUME)) if began else SUBMIT
            elif report["status"] == "awaiting_operator":
                next_life = self.decide(report)
            else:
                return self.judge(report)

    def patience(self, kills):
        return self.chance.uniform(0, self.longest_life) if self.kills < kills else PATIENCE

    def live(self, *arguments, patience):
        """The report that this life of the program ends with, if it comes to that."""
        process = self.hive.start(*arguments, "-o", "json", "-q")
        try:
            out, err = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            expect(patience < PATIENCE, f"{arguments}: not over after {patience} s")
            process.kill()
            process.communicate()
            self.kills += 1
            self.exits |= ended_children(self.hive)
            return None
        expect(process.returncode in (0, 8), f"{arguments}: exit {process.returncode}: {err}{out}")
        reports = reports_in(out)
        return reports[0] if reports else None

    def decide(self, report):
        unknown = [step["id"] for step in report["steps"] if step["status"] == "unknown"]
        expect(unknown, f"awaits a decision about nothing: {report}")
        self.asked += 1
        way_out = self.chance.choice(("--step", "--skip"))
        return ("runs", "retry", report["run"], way_out, unknown[0])

    def judge(self, report):
        expect(report["status"] == "succeeded", report)
        marks = (self.hive.home / "marks").read_text().split()
        fan = ["", "a", "ab", "abc", "abcd"]
        for step in report["steps"]:
            for task in step["tasks"] if step["id"] != "joint" else ():
                name = step["id"] + (fan[task["element"]] if step["fans_out"] else "")
                self.judge_task(name, task, marks.count(name))
        self.hive.replays_identical()
        self.hive.expect("journal", "verify", self.hive.data, "-o", "human", says=": sound")

    def judge_task(self, name, task, marks):
        fates = [attempt["status"] for attempt in task["attempts"]]
        seen = f"{name}: attempts {fates}, {marks} marks, {task['status']}"
        expect(set(fates) <= set(FATES) and fates.count("exited") <= 1, seen)
        expect("exited" not in fates[:-1], "run again after its end: " + seen)
        expect(task["status"] == "succeeded" or fates[-1] == "unknown" and self.asked, seen)
        expect(marks <= len(fates), seen)
        if not name.startswith("again"):
            expect(fates.count("unknown") <= self.asked, "run again without being asked: " + seen)
        for attempt, fate in enumerate(fates, 1):
            expect((name, attempt) not in self.exits or fate == "exited",
                   f"its exit was durable: {seen}")


@promise("killed with -9 at random points, every run ends: what has ended is never run again, what "
         "is idempotent is, the rest is asked about; each recording replays identical")
def random_kills(_):
    wanted = 200 if os.environ.get("QUEENRIGHT_LONG") else 20
    seed = os.environ.get("QUEENRIGHT_SEED") or str(time.time_ns())
    chance = random.Random(seed)
    with Hive() as hive:
        write_plan(hive)
        began = time.monotonic()
        expect(hive.do(*SUBMIT).code == 0, "the plan doesn't run")
        longest_life = time.monotonic() - began
    kills = asked = 0
    while kills < wanted:
        with Hive() as hive:
            play = Round(hive, chance, longest_life)
            try:
                play.play(kills=5)
            except BaseException:
                print(f"  again with QUEENRIGHT_SEED={seed}")
                raise
            kills += play.kills
            asked += play.asked
    return f"{kills} kills, {asked} decisions, seed {seed}"


def crash_at(hive, *steps, ended=()):
    """Runs a plan until a lasting step's child is at work and these steps have ended, then kills
    the program with -9."""
    (hive.home / "begun").unlink(missing_ok=True)
    process = hive.start("run", hive.plan(steps))
    until((hive.home / "begun").exists, "the step")
    until(lambda: succeeded_in_time(hive, ended), f"the end of {ended}")
    process.kill()
    process.wait()


def succeeded_in_time(hive, names):
    """Whether these steps of the run have succeeded, as far as its journal tells."""
    if not names:
        return True
    report = json.loads(hive.expect("runs", "report", "plan-1", "-o", "json").out)
    states = {step["id"]: step["status"] for step in report["steps"]}
    return all(states[name] == "succeeded" for name in names)


def lasting(hive, gate, **keys):
    begin = f"echo x >> {hive.home}/count; touch {hive.home}/begun; "
    return shell("work", begin + gate.wait + "; echo done", env={"MARK": str(hive.home)}, **keys)


@promise("unknown fate: exit 8 when nothing else can proceed, and both ways out are told")
def asks(hive):
    crash_at(hive, lasting(hive, hive.gate()), {"id": "after", "needs": ["work"], "noop": {}},
             {"id": "apart", "exec": ["touch", f"{hive.home}/apart"]}, ended=["apart"])
    waits = hive.expect("runs", "resume", "--all", "-o", "json", code=8)
    report = json.loads(waits.out)[0]
    states = {step["id"]: step["status"] for step in report["steps"]}
    expect(report["status"] == "awaiting_operator" and states["work"] == "unknown", report)
    expect(states["apart"] == "succeeded" and (hive.home / "apart").exists(), report)
    for way in ("--step", "--skip"):
        expect(f"runs retry {report['run']} {way} work" in waits.err, waits)
    again = hive.expect("runs", "resume", "--all", "-o", "json", code=8)
    expect(json.loads(again.out)[0]["status"] == "awaiting_operator", again)
    hive.expect("runs", "retry", report["run"], "--step", "apart", code=2, says="apart")
    hive.expect("runs", "retry", report["run"], "--skip", "nobody", code=2, says="nobody")


@promise("unknown fate: 'runs retry --step' does the step again, '--skip' goes on without it")
def ways_out(_):
    for way, count in (("--step", 2), ("--skip", 1)):
        with Hive() as hive:
            gate = hive.gate()
            crash_at(hive, lasting(hive, gate),
                     {"id": "after", "needs": ["work"], "exec": ["touch", f"{hive.home}/after"]})
            hive.expect("runs", "resume", "--all", code=8)
            gate.open()
            hive.expect("runs", "retry", "plan-1", way, "work")
            ran = (hive.home / "count").read_text().count("x")
            expect(ran == count, f"{way}: it ran {ran} times")
            expect((hive.home / "after").exists(), f"{way}: what needs it did not run")
            expect(hive.runs()[0]["status"] == "succeeded", hive.runs())
            hive.replays_identical()


@promise("an idempotent step of unknown fate is run again, without a question")
def idempotent(hive):
    gate = hive.gate()
    crash_at(hive, lasting(hive, gate, idempotent=True))
    gate.open()
    report, = json.loads(hive.expect("runs", "resume", "--all", "-o", "json").out)
    fates = [attempt["status"] for attempt in report["steps"][0]["tasks"][0]["attempts"]]
    expect(fates == ["unknown", "exited"], fates)
    expect(report["steps"][0]["tasks"][0]["output"] == "done", report)


@promise("resume takes every unfinished run on, or the one that is named; a new run leaves them alone")
def several(hive):
    gate = hive.gate()
    for _ in range(2):
        process = hive.start("run", hive.plan([lasting(hive, gate, idempotent=True)]))
        until((hive.home / "begun").exists, "the step")
        process.kill()
        process.wait()
        (hive.home / "begun").unlink()
    apart = hive.do("run", hive.plan([{"id": "a", "noop": {}}], name="apart"))
    expect(apart.code == 0 and "2 earlier runs are unfinished" in apart.err, apart)
    expect((hive.home / "count").read_text().count("x") == 2, "a new run woke the others")
    gate.open()
    hive.expect("runs", "resume", "plan-1")
    expect([run["status"] for run in hive.runs()] == ["succeeded", "running", "succeeded"],
           hive.runs())
    hive.expect("runs", "resume", "--all")
    expect(all(run["status"] == "succeeded" for run in hive.runs()), hive.runs())
    hive.expect("runs", "resume", "--all", says="no run is unfinished")


@promise("a step is not taken up again before the children of its lost attempt are gone")
def no_two_at_once(hive):
    family = "for i in $(seq 40); do sleep 1000 & done; echo $! > first$I; wait"
    check = "case $(cut -d' ' -f3 /proc/$(cat first$I)/stat) in [RSDT]) echo alive ;; esac"
    process = hive.start("run", hive.plan([
        shell("work", f"if [ -e first$I ]; then {check}; else {family}; fi", cwd=str(hive.home),
              env={"I": "${{ index }}", "MARK": str(hive.home)}, foreach=list(range(50)),
              max_parallel=50, idempotent=True)]), "--slots", "50")
    until(lambda: all((hive.home / f"first{i}").exists() for i in range(50)), "2,000 processes")
    process.kill()
    process.wait()
    resumed = hive.expect("runs", "resume", "--all", "-o", "json", "--slots", "50")
    report, = json.loads(resumed.out)
    alive = sum(task["output"] == "alive" for task in report["steps"][0]["tasks"])
    expect(alive == 0, f"{alive} of 50 second attempts began while the first was still alive")


@promise("a crash at every single write of the journal: the run is taken to its end")
def crash_at_every_write(_):
    return unit_test("deploy/crash", "a_run_is_taken_to_its_end_after_a_crash_before_any_write")
