"""What plans of many steps, and many plans, cost: time, memory, and how both grow."""

import os
import random
import statistics
import subprocess
import time
from typing import NamedTuple

from table import Row, figure

MEMORY_BUDGET = 512  # MiB
CHECK_BUDGET = 1  # seconds
GROWTH_BUDGET = 2  # times as long a step at 10,000 as at 100


def chain(steps):
    return [[i - 1] if i else [] for i in range(steps)]


def wide(steps):
    return [[] for _ in range(steps)]


def anyhow(steps):
    """A random graph, the same each time: each step needs up to four earlier ones."""
    draw = random.Random(steps)
    return [sorted(draw.sample(range(max(0, i - 200), i), min(i, draw.randrange(5))))
            for i in range(steps)]


SHAPES = {"in a chain": chain, "side by side": wide, "as a random graph": anyhow}


class Taken(NamedTuple):
    seconds: float  # from exec to exit
    mebibytes: float  # at most, of the process with queen, worker and journal


def run_once(bench, plan, verb=("run",), options=("-q", "-o", "name")):
    with bench.directory() as directory:
        data = ["--data", directory / "hive"] if verb == ("run",) else []
        began = time.monotonic()
        process = subprocess.Popen([bench.queenright, *verb, plan, *data, *options],
                                   stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"exit {process.returncode}: {plan}")
        return Taken(time.monotonic() - began, usage.ru_maxrss / 1024)


def plan_of(bench, needs):
    lines = [f"  - {{id: s{i}, noop: {{}}, needs: [{', '.join(f's{n}' for n in needed)}]}}"
             for i, needed in enumerate(needs)]
    return bench.plan(["steps:", *lines])


def median(bench, plan, **options):
    taken = [run_once(bench, plan, **options) for _ in range(bench.count(5, 1))]
    return Taken(statistics.median(one.seconds for one in taken),
                 max(one.mebibytes for one in taken))


def plans(bench):
    sizes = (100, 1000, 10_000) if not bench.quick else (5, 10, 20)
    nothing = median(bench, bench.plan(["steps:", "  - {id: a, noop: {}}"])).seconds
    for shape, needs_of in SHAPES.items():
        taken = [median(bench, plan_of(bench, needs_of(steps))) for steps in sizes]
        each = [(one.seconds - nothing) / steps * 1e6 for one, steps in zip(taken, sizes)]
        growth = each[2] / max(each[1], 1e-9)
        yield Row(f"{sizes[2]:,} noop steps {shape}",
                  f"{figure(sizes[2] / taken[2].seconds)} tasks/s, {figure(taken[2].mebibytes)} MiB",
                  f"{figure(each[1])} us a step of {sizes[1]:,}, {figure(each[2])} of {sizes[2]:,}",
                  f"{growth:.2f}", f"{MEMORY_BUDGET} MiB; near-linear",
                  taken[2].mebibytes < MEMORY_BUDGET and growth < GROWTH_BUDGET)
    elements = bench.count(100_000, 100)
    taken = median(bench, bench.fan_out(elements, "noop: {}", 256))
    yield Row(f"a foreach of {elements:,}",
              f"{figure(elements / taken.seconds)} tasks/s, {figure(taken.mebibytes)} MiB",
              budget=f"{MEMORY_BUDGET} MiB", met=taken.mebibytes < MEMORY_BUDGET)
    checked = median(bench, plan_of(bench, anyhow(sizes[2])), verb=("plan", "check"),
                     options=("-o", "human"))
    yield Row(f"plan check of {sizes[2]:,} steps", f"{figure(checked.seconds)} s",
              budget=f"{CHECK_BUDGET} s", met=checked.seconds < CHECK_BUDGET)
    runs = bench.count(1000, 8)
    with bench.directory() as directory:
        acknowledged, ended = bench.figures("bench_small_runs", bench.queenright, directory, runs, 8)
    yield Row(f"{runs:,} small runs at once, three queens",
              f"{figure(acknowledged)} s acknowledged, {figure(ended)} s ended")
