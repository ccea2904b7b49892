"""How long until a hive is at work: after kill -9 under load, and at a plain start."""

import contextlib
import signal
import statistics
import subprocess
import time

from table import Row, figure

RECOVERY_BUDGET = 2  # seconds
START_BUDGET = 0.1


def recovery(bench):
    """The load is noop tasks at full speed; beside it one task after the other appends the time
    at which it starts to a file. A hive is ready when it starts the first of them."""
    load_seconds = bench.count(10, 0.5)
    stamps = bench.data / "stamps"
    plan = bench.plan(load_plan(stamps, bench.count(100_000, 1000)))
    taken = []
    for _ in range(bench.count(5, 1)):
        with bench.directory() as directory:
            data = ["--data", directory / "hive", "-q"]
            began = time.time_ns()
            with killed_at_end([bench.queenright, "run", plan, *data]):
                wait_for_stamp_after(stamps, began)
                time.sleep(load_seconds)
            began = time.time_ns()
            with killed_at_end([bench.queenright, "runs", "resume", "--all", *data]):
                taken.append((wait_for_stamp_after(stamps, began) - began) / 1e9)
    worst = max(taken)
    return [
        Row(
            f"kill -9 after {load_seconds} s of load: until the next task starts",
            f"{figure(statistics.median(taken))} s, worst {figure(worst)} s",
            budget=f"{RECOVERY_BUDGET} s",
            met=worst <= RECOVERY_BUDGET,
        )
    ]


def load_plan(stamps, elements):
    return [
        f"vars: {{elements: [{','.join('0' * elements)}]}}",
        "steps:",
        "  - id: stamp",
        "    foreach: ${{ vars.elements }}",
        "    max_parallel: 1",
        "    idempotent: true",
        f"    env: {{STAMPS: {stamps}}}",
        """    exec: [sh, -c, 'date +%s%N >> "$STAMPS"; sleep 0.05']""",
        *(
            f"  - {{id: load{i}, foreach: '${{{{ vars.elements }}}}', noop: {{}}}}"
            for i in range(8)
        ),
    ]


@contextlib.contextmanager
def killed_at_end(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
        if process.poll() is not None:
            raise RuntimeError(f"{command} ended with {process.returncode} while under load")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def wait_for_stamp_after(stamps, began, patience=120):
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if stamps.exists():
            for line in stamps.read_text(encoding="utf-8").splitlines():
                if line.isdigit() and int(line) > began:
                    return int(line)
        time.sleep(0.01)
    raise RuntimeError(f"no task has started within {patience} s")


def start(bench):
    plan = bench.plan(["steps:", "  - {id: first, exec: [date, +%s%N]}"])
    filled, _ = bench.saturated_recording()
    times = bench.count(11, 1)
    with bench.directory() as directory:
        fresh = [first_task(bench, plan, directory / str(i)) for i in range(times)]
    yield start_row("a fresh directory", fresh)
    size = sum(file.stat().st_size for file in (filled / "journal").rglob("*") if file.is_file())
    yield start_row(
        f"a journal of {size >> 20} MiB", [first_task(bench, plan, filled) for _ in range(times)]
    )


def first_task(bench, plan, data):
    """Seconds from exec of the program to the time that its first task prints."""
    began = time.time_ns()
    done = subprocess.run(
        [bench.queenright, "run", plan, "--data", data, "-q", "-o", "human"],
        check=True,
        capture_output=True,
        text=True,
    )
    said = next(word for word in done.stdout.split() if len(word) == 19 and word.isdigit())
    return (int(said) - began) / 1e9


def start_row(where, taken):
    median = statistics.median(taken)
    return Row(
        f"start to first task, {where}",
        f"{figure(median * 1000)} ms, worst {figure(max(taken) * 1000)} ms",
        budget=f"{START_BUDGET * 1000:g} ms",
        met=median <= START_BUDGET,
    )
