"""What other durable queues make of tasks that do nothing, on the same disk."""

import subprocess
from pathlib import Path

from peers.server import NOT_INSTALLED
from table import ratio_row, unmeasured

BUDGET = 10
PEERS = {"gearman with its sqlite queue": "gearman", "Celery on Redis with AOF always": "celery"}
DEBIANS_PYTHON = "/usr/bin/python3"  # has what Debian's packages bring


def peers(bench):
    elements = bench.fan_out(bench.count(100_000, 200), "noop: {}")

    def hive():
        with bench.directory() as directory:
            return bench.run(elements, directory / "hive").tasks_per_second

    for name, module in PEERS.items():
        what = f"noop tasks against {name}"
        if peer_rate(bench, module, 10) is None:
            yield unmeasured(what, "deploy/packages-bench.txt is not installed")
            continue
        count = bench.count(5000, 20)
        pairs = bench.in_pairs(hive, lambda module=module: peer_rate(bench, module, count), 5)
        yield ratio_row(what, "tasks/s", pairs, BUDGET)


def peer_rate(bench, module, count):
    with bench.directory() as directory:
        command = [DEBIANS_PYTHON, "-B", "-m", f"peers.{module}_peer", str(count), directory]
        done = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
        )
    if done.returncode == NOT_INSTALLED:
        return None
    if done.returncode != 0:
        raise RuntimeError(f"{module} failed: {done.stderr}")
    return float(done.stdout)
