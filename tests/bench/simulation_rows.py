"""Figures of simulated hives: how long a failover takes, what a command costs, how fast it is."""

import json
import subprocess
import time

from table import Row, figure, unmeasured

DELAYS = (500, 2000, 5000)  # microseconds, one way
FAILOVERS = {"silent": "silent crash", "exit": "crash with proof", "handoff": "handoff",
             "open": "a circuit opens"}
OPEN_CIRCUITS = (1, 100, 10_000)
SPEED_BUDGETS = {"election alone": 1000, "all of it": 200}  # simulated seconds in one


def simulation(bench):
    yield from failovers(bench)
    yield circuits(bench)
    yield hellos(bench)
    yield from commands(bench)
    yield from speed(bench)


def failovers(bench):
    count = bench.count(100, 2)
    for kind, what in FAILOVERS.items():
        for queens in (3, 5, 7):
            cells = []
            for delay in DELAYS:
                taken = bench.figures("bench_simulation", "failover", kind, queens, delay, count)
                cells.append("/".join(map(figure, taken)))
            yield Row(f"simulated: {what}, {queens} queens", f"{', '.join(cells)} ms")


def circuits(bench):
    count = bench.count(1000, 10)
    taken = bench.figures("bench_simulation", "circuits", count)
    return Row(f"simulated: silent crash, {count:,} circuits, a third led by the dead queen",
               f"{'/'.join(map(figure, taken))} ms")


def hellos(bench):
    counts = (1, 10) if bench.quick else OPEN_CIRCUITS
    rates = [bench.rate("bench_simulation", "hellos", count) for count in counts]
    return Row(f"simulated: hellos with {', '.join(f'{count:,}' for count in counts)} circuits open",
               f"{', '.join(map(figure, rates))} hellos/s", budget="equal",
               met=len(set(rates)) == 1)


def commands(bench):
    for queens in (3, 5):
        for entry in ("root", "standby"):
            median, worst, envelopes, syncs = bench.figures(
                "bench_simulation", "command", queens, entry, bench.count(200, 5))
            yield Row(f"simulated: a command at the {entry}, {queens} queens",
                      f"{figure(median)} ms, p99 {figure(worst)} ms; "
                      f"{envelopes:.1f} envelopes, {syncs:.1f} syncs")


def speed(bench):
    """Seeds without the time to run them twice; what their nodes wrote is replayed, as always."""
    for what, options in (("election alone", ("--circuits", 0)), ("all of it", ())):
        row = f"simulation of 5 queens under faults on one core, {what}"
        began = time.monotonic()
        done = subprocess.run(
            [bench.queenright, "sim", "--seeds", f"1..{bench.count(40, 1)}", "--queens", "5",
             "--once", "--threads", "1", "-o", "json", *map(str, options)],
            capture_output=True, check=False)
        took = time.monotonic() - began
        if done.returncode != 0:
            yield unmeasured(row, f"sim ended with {done.returncode}")
            continue
        rate = json.loads(done.stdout)["totals"]["simulated_ms"] / 1000 / took
        budget = SPEED_BUDGETS[what]
        yield Row(row, f"{figure(rate)} s in one", budget=f"{budget:,} s", met=rate >= budget)
