"""A hive of one's own: a private directory, and the program at work on it."""

import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time
from typing import NamedTuple

from verdict import Broken, expect

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("QUEENRIGHT") or ROOT / "build/release/queenright").resolve()
PATIENCE = 120  # seconds, on a machine that does much else


class Ended(NamedTuple):
    """What a finished program left."""

    code: int
    out: str
    err: str

    def __str__(self):
        shown = (self.err.strip() + "\n" + self.out.strip()).strip()
        return f"exit {self.code}: {shown[:1500]}"


def until(condition, what, patience=PATIENCE):
    """Waits for a condition and returns its (true) value."""
    between = threading.Event()
    deadline = time.monotonic() + patience
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise Broken(f"waited {patience} s in vain for {what}")
        between.wait(0.01)
    return value


def marked(mark):
    """The living processes that have this text in their environment."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if mark.encode() in (entry / "environ").read_bytes() and is_alive(entry.name):
                found.append(int(entry.name))
        except OSError:  # gone meanwhile, or not ours
            continue
    return found


def nodes_of(directory):
    """The processes of a local hive below this directory, by the names of their nodes."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = words_of(entry.name)
            # A node's runner has the same words, but another parent.
            if words[1:3] == ["node", "--config"] and is_alive(entry.name) and \
                    words_of(parent_of(entry.name))[1] in ("dev", "chaos"):
                file = pathlib.Path(words[3])
                if file.is_relative_to(directory):
                    found[file.stem] = int(entry.name)
        except OSError:  # gone meanwhile
            continue
    return found


def words_of(process):
    """What it was started with."""
    line = pathlib.Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    return line.split("\0") + [""]


def parent_of(process):
    status = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    return int(status.rpartition(")")[2].split()[1])


def is_alive(process):
    status = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    return status.rpartition(")")[2].split()[0] not in "ZX"


class Gate:
    """Holds steps up until it is opened: they wait for a lock, so that none has to look again."""

    def __init__(self, path):
        self._file = open(path, "w", encoding="utf-8")  # closed when it opens
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self.wait = f"flock -s {path} true"

    def open(self):
        self._file.close()


class Hive:
    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="queenright-accept."))
        self.data = self.home / "data"
        self._started = []
        self._gates = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate()
        for gate in self._gates:
            gate.open()
        shutil.rmtree(self.home, ignore_errors=True)

    def write(self, name, content):
        path = self.home / name
        path.write_text(content, encoding="utf-8")
        return path

    def plan(self, steps, name="plan", **keys):
        """Writes a plan of these steps; a plan file may be JSON."""
        return self.write(f"{name}.json", json.dumps({"plan": name, **keys, "steps": steps}))

    def gate(self):
        self._gates.append(Gate(self.home / f"gate-{len(self._gates)}"))
        return self._gates[-1]

    def forever(self):
        """What a shell waits for without end: a pipe that nobody opens to write."""
        path = self.home / "forever"
        if not path.exists():
            os.mkfifo(path)
        return f"read never < {path}"

    def start(self, *arguments, **options):
        """Starts the program on this hive. Its output is kept as text."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8",
                       "QUEENRIGHT_DATA": str(self.data), **options.pop("env", {})}
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, "cwd": self.home, **options}
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], env=environment, text=True,
                                   errors="replace", **streams)
        self._started.append(process)
        return process

    def finish(self, process, patience=PATIENCE):
        try:
            out, err = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise Broken(f"not over after {patience} s: {err}{out}") from None
        return Ended(process.returncode, out or "", err or "")

    def do(self, *arguments, **options):
        return self.finish(self.start(*arguments, **options))

    def run(self, plan, *arguments, code=0, **options):
        """Runs a plan and gives its report, as JSON."""
        ended = self.do("run", plan, "-o", "json", *arguments, **options)
        expect(ended.code == code, ended)
        return json.loads(ended.out)

    def runs(self):
        return json.loads(self.expect("runs", "list", "-o", "json").out)

    def report(self, run):
        return json.loads(self.expect("runs", "report", run, "-o", "json").out)

    def expect(self, *arguments, code=0, says="", **options):
        """The program ends with this code, and says this, in however many lines."""
        ended = self.do(*arguments, **options)
        said = ended.out + ended.err
        expect(ended.code == code and (says in said or says in " ".join(said.split())), ended)
        return ended

    def replays_identical(self, recording=None):
        return self.expect("replay", recording or self.data, "-o", "human", says=", identical").out.strip()


def reports_in(out):
    """What a verb printed: a report, or a list of them."""
    found = json.loads(out) if out else []
    return found if isinstance(found, list) else [found]


def shell(name, script, **keys):
    """A step that runs a script."""
    return {"id": name, "exec": ["sh", "-c", script], **keys}


def step(report, name):
    return next(found for found in report["steps"] if found["id"] == name)


def task(report, name, element=0):
    return step(report, name)["tasks"][element]


def output(report, name, element=0):
    return task(report, name, element).get("output")
