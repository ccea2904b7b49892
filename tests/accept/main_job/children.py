"""Child processes: bounded, accounted for, and never left behind."""

import json
import os
import signal
import sys

from hive import marked, shell, until
from verdict import expect, promise

DAEMON = """
import os, signal, sys
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
open(sys.argv[1], "w").close()
for descriptor in range(3): os.close(descriptor)
while True: signal.pause()
"""


def daemon(hive, name, script="true"):
    """A step that leaves a daemon behind, then runs this script. It is there when it has closed
    its end of the pipe."""
    script = f'"$0" -c "$1" "$2" | cat; {script}'
    return {"id": name, "env": {"MARK": str(hive.home)},
            "exec": ["sh", "-c", script, sys.executable, DAEMON, f"{hive.home}/{name}"]}


@promise("children: a process group of their own, no terminal, no descriptor but the first three")
def own_group(hive):
    script = ("import json, os; print(json.dumps({'group': os.getpgrp() == os.getpid(), 'open': "
              "sorted(os.listdir('/proc/self/fd')), 'tty': os.isatty(0)}))")
    report = hive.run(hive.plan([{"id": "a", "exec": [sys.executable, "-c", script],
                                  "output": "json"}]))
    seen = report["steps"][0]["tasks"][0]["output"]
    expect(seen["group"] and not seen["tty"], seen)
    expect(len(seen["open"]) == 4, f"{seen} (the fourth is the listing's own)")


@promise("children: every signal is at its default and none is blocked")
def clean_signals(hive):
    report = hive.run(hive.plan([shell("a", "grep -E '^Sig(Blk|Ign)' /proc/self/status")]))
    masks = report["steps"][0]["tasks"][0]["output"].split()[1::2]
    libc_own = 3 << 31  # 32 and 33, which no program can use
    expect(all(int(mask, 16) & ~libc_own == 0 for mask in masks), masks)


@promise("children: a daemon that a step leaves behind is gone when its run has ended")
def daemons_end_with_run(hive):
    hive.run(hive.plan([daemon(hive, "a"), daemon(hive, "b", "exit 3")]), code=1)
    left = marked(str(hive.home))
    expect(not left, f"still alive: {left}")


@promise("children: all are gone when the program is killed with -9: daemons, stopped ones, deaf ones")
def gone_after_kill(hive):
    wait = f"touch {hive.home}/$N; {hive.forever()}"
    process = hive.start("run", hive.plan([
        daemon(hive, "daemon", wait.replace("$N", "d2")),
        shell("deaf", "trap '' TERM HUP INT; " + wait, env={"MARK": str(hive.home), "N": "deaf"}),
        shell("stopped", f"touch {hive.home}/stopped; kill -STOP $$", env={"MARK": str(hive.home)}),
        shell("tree", "(" + wait + ") & (" + wait + ") & wait",
              env={"MARK": str(hive.home), "N": "tree"}),
    ]))
    until(lambda: all((hive.home / name).exists()
                      for name in ("daemon", "d2", "deaf", "stopped", "tree")), "the children")
    expect(len(marked(str(hive.home))) >= 6, "the children are not to be seen")
    process.kill()
    until(lambda: not marked(str(hive.home)), "their end", 10)


@promise("children: the runner killed with -9 takes nothing down in silence, and leaves nobody")
def runner_killed(hive):
    process = hive.start("run", hive.plan([
        shell("a", f"echo $PPID > {hive.home}/runner; {hive.forever()}",
              env={"MARK": str(hive.home)}, idempotent=True)]), "-o", "json")
    runner = until(lambda: (hive.home / "runner").exists() and
                   (hive.home / "runner").read_text().strip(), "the runner's id")
    os.kill(int(runner), signal.SIGKILL)
    ended = hive.finish(process, 60)
    expect(ended.code != 0 and ended.err, ended)
    until(lambda: not marked(str(hive.home)), "the child's end", 10)
    return f"exit {ended.code}: {ended.err.strip().splitlines()[-1]}"


@promise("children: closing stdout and living on, the step lasts as long as the process")
def closes_stdout(hive):
    closed, lives = hive.gate(), hive.gate()
    process = hive.start("run", hive.plan([
        shell("a", f"echo said; exec >&- 2>&-; touch {hive.home}/closed; {lives.wait}; "
                   f"echo x > {hive.home}/late; exit 4"),
        shell("b", closed.wait),
        shell("c", f"touch {hive.home}/told", needs=["b"])]), "-o", "json")
    until((hive.home / "closed").exists, "its end of stdout")
    closed.open()
    until((hive.home / "told").exists, "what came later to be told")  # as its stdout's end was
    lives.open()
    ended = hive.finish(process)
    expect(ended.code == 1, ended)
    report = json.loads(ended.out)
    attempt = report["steps"][0]["tasks"][0]["attempts"][0]
    expect((hive.home / "late").exists() and attempt["exit_code"] == 4, attempt)


@promise("children: one that ended is not waited for because a grandchild holds its stdout")
def holds_stdout(hive):
    script = f"sh -c '{hive.forever()}' & echo said"
    plan = hive.plan([shell("a", script, env={"MARK": str(hive.home)})])
    report = hive.run(plan)
    task = report["steps"][0]["tasks"][0]
    expect(task["output"] == "said" and task["attempts"][0]["milliseconds"] < 60_000, task)
    expect(not marked(str(hive.home)), "the grandchild is left")
    return f"{task['attempts'][0]['milliseconds']} ms"


@promise("children: not executable, missing, a directory, no interpreter: each is said as it is")
def cannot_start(hive):
    for name, text in (("plain", "echo\n"), ("lost", "#!/no/such\n"), ("garbage", "\x01\x02\n")):
        hive.write(name, text).chmod(0o644 if name == "plain" else 0o755)
    cases = {"plain": "not executable", "lost": "interpreter", "garbage": "neither a program",
             "missing": "no such file", ".": "is a directory"}
    steps = [{"id": f"s{i}", "exec": [f"{hive.home}/{name}"]} for i, name in enumerate(cases)]
    steps.append({"id": "path", "exec": ["no-such-program"]})
    report = hive.run(hive.plan(steps), code=1)
    for found, says in zip(report["steps"], [*cases.values(), "not found in PATH"]):
        expect(says in found["reason"], json.dumps(found))
