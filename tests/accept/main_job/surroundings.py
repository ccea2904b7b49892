"""What the program makes of the surroundings it is started in."""

import os
import pathlib
import signal

from hive import shell, step, until
from verdict import expect, promise

ONE = [{"id": "a", "idempotent": True, "exec": ["echo", "hi"]}]


@promise("closed standard streams, and a stderr that can't be written: the run goes on as always")
def no_streams(hive):
    plan = hive.plan(ONE)
    for closed in ((0,), (1,), (2,), (0, 1, 2)):
        def close(closed=closed):
            for number in closed:
                os.close(number)
        ended = hive.do("run", plan, "-q", preexec_fn=close)
        expect(ended.code == 0, (closed, ended))
    with open("/dev/full", "w", encoding="utf-8") as full:
        expect(hive.do("run", plan, stderr=full).code == 0, "a full stderr ended the run")
        expect(hive.do("run", plan, "-q", stdout=full).code == 6, "a lost report is no success")
    expect({run["status"] for run in hive.runs()} == {"succeeded"}, hive.runs())
    hive.replays_identical()


@promise("a signal that the caller ignores, as nohup does, stays ignored")
def ignored_signal(hive):
    plan = hive.plan([shell("waits", "touch begun; until [ -e gate ]; do sleep 0.01; done",
                            cwd=str(hive.home))])
    process = hive.start("run", plan, "-q",
                         preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    until((hive.home / "begun").exists, "the step begins")
    process.send_signal(signal.SIGHUP)
    hive.write("gate", "")
    expect(hive.finish(process).code == 0, "it was cancelled")


@promise("the runner of the children killed with -9: exit 6, and resume goes on")
def killed_runner(hive):
    plan = hive.plan([shell("waits", "touch begun; until [ -e gate ]; do sleep 0.01; done",
                            idempotent=True, cwd=str(hive.home))])
    process = hive.start("run", plan, "-q")
    until((hive.home / "begun").exists, "the step begins")
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
    os.kill(int(children.read_text(encoding="utf-8").split()[0]), signal.SIGKILL)
    ended = hive.finish(process)
    expect(ended.code == 6 and "runs resume --all" in ended.err, ended)
    hive.write("gate", "")
    hive.expect("runs", "resume", "--all", "-q")


@promise("the same key is the same run also when its blocks have become a slice")
def key_of_old_run(hive):
    plan = hive.plan(ONE)
    for key in ("k1", "k2", "k3", "k4"):
        hive.run(plan, "--key", key, "--keep-bytes", "1kb")
    again = hive.run(plan, "--key", "k1")
    expect(again == hive.report("plan-1"), again)
    expect(len(hive.runs()) == 4, hive.runs())


@promise("what was cut off an output is never taken for the whole: who reads it fails")
def cut_output(hive):
    report = hive.run(hive.plan([{"id": "many", "exec": ["seq", "1", "20000"]},
                                 {"id": "reads", "needs": ["many"], "exec": ["wc", "-l"],
                                  "stdin": "${{ steps.many.output }}"}]), code=1)
    expect("was cut" in step(report, "many")["reason"], report)
    expect("'steps.many.output' was cut" in step(report, "reads")["reason"], report)


@promise("commands to go on with name the hive; a hive that was mistyped is not made")
def hints(hive):
    elsewhere = hive.home / "else where"
    plan = hive.plan([shell("once", "touch begun; sleep 600", cwd=str(hive.home))])
    process = hive.start("run", plan, "-q", "--data", elsewhere)
    until((hive.home / "begun").exists, "the step begins")
    process.kill()
    process.wait()
    ended = hive.expect("runs", "resume", "--all", "-q", "--data", elsewhere, code=8)
    expect(f"runs retry plan-1 --step once --data '{elsewhere}'" in ended.err, ended)
    hive.expect("runs", "resume", "--all", "--data", hive.home / "typo", code=2, says="no hive")
    expect(not (hive.home / "typo").exists(), "it was made")
    hive.expect("rum", code=2, says="did you mean 'run'?")
