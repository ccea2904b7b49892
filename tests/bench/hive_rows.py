"""What a hive of real processes does: how soon it is there, how long it is without a root, how much
it makes durable."""

import contextlib
import json
import os
import signal
import statistics
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from peer_rows import peer_rate
from peers.server import NOT_INSTALLED
from table import Row, figure, ratio_row, unmeasured

READY_BUDGET = 2  # seconds
# Median and 99th percentile in milliseconds, of the kinds that have a budget.
FAILOVER_BUDGETS = {"kill": (20, 100), "stop": (200, None), "partition": (200, None),
                    "demote": (5, None)}
LINK_BUDGET = 0.7
COMMANDS_BUDGET = 3  # times etcd's puts, with three queens and 64 clients
NOOP_BUDGET = 7500
LATE_BUDGET, LATEST_BUDGET = 20, 100  # milliseconds
DEBIANS_PYTHON = "/usr/bin/python3"


def ready(bench):
    taken = []
    for _ in range(bench.count(11, 1)):
        with bench.directory() as directory:
            began = time.monotonic()
            with dev(bench, directory):
                taken.append(time.monotonic() - began)
    median = statistics.median(taken)
    yield Row("dev: three queens, two workers, until all is ready",
              f"{figure(median)} s, worst {figure(max(taken))} s",
              budget=f"{READY_BUDGET} s", met=median <= READY_BUDGET)


class dev:
    """`dev` in a directory of its own, until it is told to stop."""

    def __init__(self, bench, directory, *options):
        self.process = subprocess.Popen(
            [bench.queenright, "dev", "--data", directory / "dev", "--no-demo", "-o", "json",
             *options], stdout=subprocess.PIPE, text=True)
        self.told = json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def failover(bench):
    rounds = bench.count(30, 1)
    for circuits in (1, 100, 1000)[:bench.count(3, 1)]:
        for kind, budgets in FAILOVER_BUDGETS.items():
            with bench.directory() as directory:
                taken = bench.figures("bench_failover", bench.queenright, directory, kind, circuits,
                                      rounds)
            yield failover_row(f"{kind}, {circuits:,} circuits", taken, *budgets)
    with bench.directory() as directory:
        taken = peer("failover", rounds, directory)
    what = "etcd's leader killed, three members"
    yield failover_row(what, taken) if taken else unmeasured(
        what, "deploy/packages-bench.txt is not installed")


def failover_row(what, taken, median_budget=None, worst_budget=None):
    taken = sorted(taken)
    median, late = statistics.median(taken), taken[len(taken) * 99 // 100]
    budget = "" if median_budget is None else f"{median_budget} ms" + (
        f", p99 {worst_budget} ms" if worst_budget else "")
    met = None if median_budget is None else median <= median_budget and (
        worst_budget is None or late <= worst_budget)
    return Row(f"root lost: {what}" if median_budget else what,
               f"{figure(median)}/{figure(late)}/{figure(taken[-1])} ms", budget=budget, met=met)


def peer(*arguments):
    """What the peer prints: figures; nothing: it is not installed."""
    done = subprocess.run([DEBIANS_PYTHON, "-B", "-m", "peers.etcd_peer", *map(str, arguments)],
                          cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    if done.returncode == NOT_INSTALLED:
        return None
    if done.returncode != 0:
        raise RuntimeError(f"etcd failed: {done.stderr}")
    return [float(word) for word in done.stdout.split()]


def commands(bench):
    seconds = bench.count(5, 1)
    for queens in (1, 3):
        for clients in (1, 64, 256)[:bench.count(3, 1)]:
            for circuits in ("one", "each"):
                if circuits == "each" and clients == 1:
                    continue
                yield commands_row(bench, queens, clients, circuits, seconds)


def commands_row(bench, queens, clients, circuits, seconds):
    def ours():
        with bench.directory() as directory:
            return bench.figures("bench_commands", bench.queenright, directory, queens, clients,
                                 circuits, seconds)[0]

    def etcd():
        with bench.directory() as directory:
            return peer("puts", clients, queens, seconds, directory)[0]

    what = f"durable commands, {queens} queen{'s' * (queens > 1)}, {clients} clients" + (
        ", a circuit each" if circuits == "each" else "")
    if bench.quick or peer("puts", 1, 1, 1, bench.data) is None:
        return Row(what, f"{figure(ours())} a second", "unmeasured: etcd")
    budget = COMMANDS_BUDGET if queens == 3 and clients == 64 else None
    return ratio_row(what + ", against etcd's puts", "a second", bench.in_pairs(ours, etcd, 3), budget)


def noop_of_queens(bench):
    steps = bench.count(10_000, 50)
    wide = bench.plan(["steps:"] + [f"  - {{id: s{i}, noop: {{}}}}" for i in range(steps)])
    chain = bench.count(200, 5)
    long = bench.plan(["steps:", "  - {id: s0, noop: {}}"] + [
        f"  - {{id: s{i}, needs: [s{i - 1}], noop: {{}}}}" for i in range(1, chain)])
    for queens in (1, 3):
        rates, latencies, gearmans = [], [], []
        for _ in range(bench.count(3, 1)):
            with bench.directory() as directory, dev(bench, directory, "--queens", str(queens)):
                at = ["--hive", directory / "dev"]
                rates.append(steps / run_seconds(bench, wide, at))
                latencies.append(run_seconds(bench, long, at) / chain)
            gearmans.append(None if bench.quick else peer_rate(bench, "gearman", 2000))
        rate = statistics.median(rates)
        measured = None not in gearmans
        gearman = statistics.median(gearmans) if measured else None
        yield Row(f"noop tasks on a live hive, {queens} queen{'s' * (queens > 1)}",
                  f"{figure(rate)} tasks/s; one after the other "
                  f"{figure(statistics.median(latencies) * 1000)} ms each",
                  f"{figure(gearman)} tasks/s (gearman)" if measured else "unmeasured: gearman",
                  f"{rate / gearman:.2f}" if measured else "",
                  budget=f"{NOOP_BUDGET:,}" if queens == 3 else "",
                  met=rate >= NOOP_BUDGET if queens == 3 else None)


def run_seconds(bench, plan, at):
    report = json.loads(subprocess.run(
        [bench.queenright, "run", plan, *at, "-q", "-o", "json"], check=True,
        capture_output=True, text=True).stdout)
    if report["status"] != "succeeded":
        raise RuntimeError(f"the run has {report['status']}")
    return max(report["milliseconds"], 1) / 1000


def lateness(bench):
    for kind, what in (("quiet", "at rest"), ("busy", "its worker's task on all processors"),
                       ("slow-disk", "and each sync of the root 300 ms slower")):
        with bench.directory() as directory:
            median, late, worst, steps = bench.figures("bench_lateness", bench.queenright, directory,
                                                       kind, bench.count(60, 1))
        yield Row(f"a queen's step comes late: {what}",
                  f"{figure(median)}/{figure(late)}/{figure(worst)} ms", f"of {steps:,.0f} steps",
                  budget=f"p99.9 {LATE_BUDGET} ms, never {LATEST_BUDGET} ms",
                  met=late <= LATE_BUDGET and worst <= LATEST_BUDGET)


def link(bench):
    for size in (90, 1011):
        count = bench.count(500_000 if size == 90 else 200_000, 2000)
        pairs = bench.in_pairs(lambda: bench.rate("bench_link", "link", count, size),
                               lambda: bench.rate("bench_link", "bare", count, size))
        yield ratio_row(f"link: letters of {size:,} bytes against a bare pair of sockets",
                        "messages/s", pairs, LINK_BUDGET)


def idle(bench):
    """Runs that wait cost their memory, and nothing as time goes by."""
    costs = {}
    for runs in (1, bench.count(10_000, 20)):
        with bench.directory() as directory, open_runs(bench, directory, runs) as queens:
            time.sleep(bench.count(3, 0.2))  # until what opening them has begun is over
            costs[runs] = cost_at_rest(bench, directory, queens)
    few, many = costs.values()
    runs = max(costs)
    return [
        Row(f"{runs:,} open runs, three queens: memory of each run in each queen",
            f"{figure((many.memory - few.memory) / (runs - 1) / 1024)} KiB"),
        Row("inputs of a queen at rest (hellos, alarms)", f"{figure(many.inputs)} a second",
            f"{figure(few.inputs)} with one run"),
        Row("processor of a queen at rest", f"{figure(100 * many.processor)} % of a core",
            f"{figure(100 * few.processor)} % with one run"),
    ]


class AtRest(NamedTuple):
    memory: float  # bytes of a queen
    inputs: float  # of a queen, a second
    processor: float  # seconds in a second, of a queen


@contextlib.contextmanager
def open_runs(bench, directory, runs):
    command = [bench.build / "tests/bench/bench_open_runs", bench.queenright, directory, str(runs)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as process:
        yield [int(word) for word in process.stdout.readline().split()]
        process.stdin.close()


def cost_at_rest(bench, directory, queens):
    seconds = bench.count(10, 1)

    def spent():
        return sum(ticks_of(queen) for queen in queens)

    def inputs():
        stat = subprocess.run([bench.queenright, "journal", "stat", directory / "queen-1", "-o", "json"],
                              check=True, capture_output=True, text=True)
        return json.loads(stat.stdout)["roles"]["queen"]["inputs"]

    before = spent(), inputs()
    began = time.monotonic()
    time.sleep(seconds)
    after = spent(), inputs()
    took = time.monotonic() - began
    return AtRest(sum(memory_of(queen) for queen in queens) / len(queens),
                  (after[1] - before[1]) / took, (after[0] - before[0]) / took / len(queens))


def ticks_of(process):
    words = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(process):
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024
