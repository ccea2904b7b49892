"""How many tasks a second an embedded hive takes to their end."""

import statistics

from table import Row, figure, ratio_row

NOOP_BUDGET = 20_000
EXEC_BUDGET = 0.6


def noop(bench):
    steps = bench.count(10_000, 50)
    wide = bench.plan(["steps:"] + [f"  - {{id: s{i}, noop: {{}}}}" for i in range(steps)])
    elements = bench.count(100_000, 200)
    plans = {
        f"noop tasks, {steps:,} steps side by side": wide,
        f"noop tasks, one step for each of {elements:,}": bench.fan_out(elements, "noop: {}"),
        "the same, max_parallel 1024": bench.fan_out(elements, "noop: {}", 1024),
    }
    for what, plan in plans.items():
        done = []
        for _ in range(bench.count(5, 1)):
            with bench.directory() as directory:
                done.append(bench.run(plan, directory / "hive"))
        rate = statistics.median(run.tasks_per_second for run in done)
        whole = statistics.median(run.tasks / run.whole_seconds for run in done)
        yield Row(
            what,
            f"{figure(rate)} tasks/s",
            f"{figure(whole)} with start, report and stop",
            budget=f"{NOOP_BUDGET:,}",
            met=rate >= NOOP_BUDGET,
        )


def execs(bench):
    count = bench.count(2000, 20)
    plan = bench.fan_out(count, 'exec: ["true"]', 64)

    def hive(*options):
        with bench.directory() as directory:
            return bench.run(plan, directory / "hive", *options).tasks_per_second

    def loop(at_once):
        return bench.rate("bench_spawn_loop", count, at_once, "true")

    pairs = bench.in_pairs(hive, lambda: loop(1))
    yield ratio_row("exec tasks against a bare spawn loop", "tasks/s", pairs, EXEC_BUDGET)
    pairs = bench.in_pairs(hive, lambda: loop(4))
    yield ratio_row("the same against a loop with four at once", "tasks/s", pairs)
    for slots in (1, 2, 4):
        pairs = bench.in_pairs(lambda slots=slots: hive("--slots", str(slots)), lambda: loop(1), 3)
        yield ratio_row(f"exec tasks with --slots {slots}", "tasks/s", pairs)
