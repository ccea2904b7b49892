"""How fast a recording replays."""

import json
import statistics
import subprocess
import time

from table import Row, figure

RATE_BUDGET = 500_000
SPEED_UP_BUDGET = 10


def replay(bench):
    yield small_inputs(bench)
    yield saturated(bench)


def replayed(bench, data):
    """Inputs, and seconds from exec to exit: opening and checking are part of it."""
    began = time.monotonic()
    done = subprocess.run(
        [bench.queenright, "replay", data, "-o", "json"], check=True, capture_output=True
    )
    return json.loads(done.stdout)["inputs"], time.monotonic() - began


def small_inputs(bench):
    """One task at a time: about six inputs each, of the size that most inputs have."""
    plan = bench.fan_out(bench.count(100_000, 200), "noop: {}", 1)
    with bench.directory() as directory:
        data = directory / "hive"
        for _ in range(bench.count(2, 1)):
            bench.run(plan, data, "--keep-bytes", "0")
        done = [replayed(bench, data) for _ in range(bench.count(5, 1))]
    inputs = done[0][0]
    rate = inputs / statistics.median(seconds for _, seconds in done)
    return Row(
        f"replay of {figure(inputs)} inputs",
        f"{figure(rate)} inputs/s",
        budget=f"{RATE_BUDGET:,}",
        met=rate >= RATE_BUDGET,
    )


def saturated(bench):
    data, made_in = bench.saturated_recording()
    seconds = statistics.median(replayed(bench, data)[1] for _ in range(bench.count(5, 1)))
    return Row(
        "replay of a hive that ran noop tasks at full speed",
        f"{figure(seconds)} s",
        f"{figure(made_in)} s to make it",
        f"{made_in / seconds:.1f}",
        f"{SPEED_UP_BUDGET}",
        made_in / seconds >= SPEED_UP_BUDGET,
    )
