"""What a person at a terminal sees and can do."""

import json
import os
import signal

from hive import marked, shell, until
from pseudo_terminal import Terminal
from verdict import expect, promise


@promise("progress: one line on a terminal, redrawn in place and gone when the report comes")
def progress_line(hive):
    plan = hive.plan([shell("first", "true"),
                      shell("waits", "until [ -e gate ]; do sleep 0.01; done", needs=["first"])])
    terminal = Terminal()
    process = hive.start("run", plan, "-o", "human", stderr=terminal.theirs,
                         stdout=terminal.theirs, env={"TERM": "xterm", "NO_COLOR": "1"})
    until(lambda: "1/2 steps" in terminal.seen and "waits: 1 running" in terminal.seen,
          "a progress line")
    (hive.data / "scratch/1/gate").touch()
    expect(process.wait(60) == 0, terminal.seen)
    terminal.close()
    drawn, _, report = terminal.seen.rpartition("\r\x1b[K")
    expect("\n" not in drawn.split("1/2 steps", 1)[1], repr(terminal.seen))
    expect(report.startswith("plan-1 succeeded"), repr(terminal.seen))


@promise("progress: plain lines where there is no terminal, none with --quiet, none on stdout")
def plain_progress(hive):
    plan = hive.plan([shell("a", "true")])
    loud, quiet = hive.do("run", plan), hive.do("run", plan, "-q")
    expect("a succeeded" in loud.err and "\x1b" not in loud.err, loud)
    expect(quiet.err == "", quiet)
    expect(json.loads(loud.out)["run"] == "plan-1", loud)


def waiting_run(hive, *traps):
    """A run whose steps have started: each with its own answer to TERM."""
    steps = [shell(f"s{i}", f"{trap}touch {hive.home}/s{i}; until [ -e gate ]; do sleep 0.05; done",
                   env={"MARK": str(hive.home)}) for i, trap in enumerate(traps)]
    steps.append({"id": "next", "needs": ["s0"], "exec": ["touch", f"{hive.home}/next"]})
    process = hive.start("run", hive.plan(steps), "-o", "json")
    until(lambda: all((hive.home / f"s{i}").exists() for i in range(len(traps))), "the steps")
    return process


@promise("SIGINT: nothing new starts, TERM, KILL 5 s later, the report is printed, exit 130")
def interrupt(hive):
    asked = f"trap 'touch {hive.home}/asked; exit 0' TERM; "
    process = waiting_run(hive, asked, "trap '' TERM; ")
    process.send_signal(signal.SIGINT)
    ended = hive.finish(process)
    expect(ended.code == 130, ended)
    report = json.loads(ended.out)
    expect(report["status"] == "cancelled" and report["exit_code"] == 1, report)
    killed = report["steps"][1]["tasks"][0]["attempts"][0]
    expect(killed["signal"] == 9 and killed["milliseconds"] >= 5000, killed)
    expect((hive.home / "asked").exists(), "TERM never came")
    expect(not (hive.home / "next").exists(), "a new step was started")
    expect(not marked(str(hive.home)), "a child is left")
    hive.replays_identical()


@promise("SIGTERM and SIGHUP: the same")
def other_signals(hive):
    for number in (signal.SIGTERM, signal.SIGHUP):
        process = waiting_run(hive, "")
        process.send_signal(number)
        ended = hive.finish(process)
        expect(ended.code == 130 and json.loads(ended.out)["status"] == "cancelled", ended)
        (hive.home / "s0").unlink()


@promise("SIGINT again, half a second later: ends at once, exit 130; the children are gone and the run can be resumed")
def interrupt_twice(hive):
    process = waiting_run(hive, "trap '' TERM; ")
    process.send_signal(signal.SIGINT)
    until(lambda: "cancelling" in process.stderr.readline(), "the first answer")
    until(lambda: (process.send_signal(signal.SIGINT), process.poll())[1] is not None, "its end", 4)
    expect(process.returncode == 130, process.returncode)
    until(lambda: not marked(str(hive.home)), "the children's end")
    expect(hive.runs()[0]["status"] in ("running", "queued"), hive.runs())
    resumed = hive.do("runs", "resume", "--all", "-o", "json")
    report = json.loads(resumed.out)[0]
    expect(report["status"] in ("cancelled", "awaiting_operator"), resumed)
    return f"resumed it is {report['status']}, exit {resumed.code}"


@promise("SIGINT from the terminal reaches the program alone: children are in groups of their own")
def terminal_interrupt(hive):
    terminal = Terminal()
    plan = hive.plan([shell("a", f"trap 'touch {hive.home}/int' INT; trap 'exit 0' TERM; "
                            f"touch {hive.home}/on; until [ -e gate ]; do sleep 0.05; done")])

    def take_terminal():
        os.setsid()
        os.close(os.open(os.ttyname(0), os.O_RDWR))  # becomes the controlling one

    process = hive.start("run", plan, stdin=terminal.theirs, stderr=terminal.theirs,
                         preexec_fn=take_terminal)
    until((hive.home / "on").exists, "the step")
    os.write(terminal.ours, b"\x03")
    code = process.wait(60)
    terminal.close()
    expect(code == 130, f"exit {code}: {terminal.seen}")
    expect(not (hive.home / "int").exists(), "the child got the terminal's INT")
