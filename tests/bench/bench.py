"""What every measure works with: the programs, a place on the disk, and fair pairs."""

import contextlib
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple


class Finished(NamedTuple):
    tasks: int
    run_seconds: float  # from the report: the run alone
    whole_seconds: float  # from exec to exit: with recovery, plan, report and clean stop

    @property
    def tasks_per_second(self):
        return self.tasks / self.run_seconds


class Pairs(NamedTuple):
    """Two sides, measured in turn: A B A B. On a noisy machine only neighbours compare."""

    measured: float  # medians
    baseline: float
    ratio: float  # median of the pairs' ratios

    @staticmethod
    def of(pairs):
        return Pairs(
            statistics.median(a for a, _ in pairs),
            statistics.median(b for _, b in pairs),
            statistics.median(a / b for a, b in pairs),
        )


class Bench:
    def __init__(self, build, data, quick):
        self.build = build
        self.data = data
        self.quick = quick
        self.queenright = str(build / "queenright")
        self.saturated = None  # a recording, once somebody has made it

    def count(self, full, quick):
        return quick if self.quick else full

    def in_pairs(self, measured, baseline, pairs=5):
        """Calls both sides in turn; each gives a rate."""
        return Pairs.of([(measured(), baseline()) for _ in range(self.count(pairs, 1))])

    @contextlib.contextmanager
    def directory(self):
        with tempfile.TemporaryDirectory(dir=self.data) as made:
            yield Path(made)

    def figures(self, program, *arguments):
        """What one of our own programs prints: numbers."""
        path = self.build / "tests/bench" / program
        done = subprocess.run(
            [path, *map(str, arguments)], check=True, capture_output=True, text=True
        )
        return [float(word) for word in done.stdout.split()]

    def rate(self, program, *arguments):
        (rate,) = self.figures(program, *arguments)
        return rate

    def rate_on_disk(self, program, side, *arguments):
        with self.directory() as directory:
            return self.rate(program, side, directory, *arguments)

    def plan(self, lines):
        path = self.data / f"plan-{time.monotonic_ns()}.yaml"
        path.write_text("\n".join(["plan: bench", *lines, ""]), encoding="utf-8")
        return path

    def fan_out(self, elements, work, max_parallel=16):
        return self.plan(
            [
                f"vars: {{elements: [{','.join('0' * elements)}]}}",
                "steps:",
                "  - id: each",
                "    foreach: ${{ vars.elements }}",
                f"    max_parallel: {max_parallel}",
                f"    {work}",
            ]
        )

    def run(self, plan, data, *options):
        report = data.with_suffix(".report")
        began = time.monotonic()
        with report.open("wb") as out:
            subprocess.run(
                [self.queenright, "run", plan, "--data", data, "-q", "-o", "json", *options],
                check=True,
                stdout=out,
            )
        whole = time.monotonic() - began
        # The head is enough: with 100,000 tasks the rest is large.
        with report.open(encoding="utf-8") as lines:
            head = "".join(line for line, _ in zip(lines, range(30)))
        report.unlink()
        milliseconds = int(re.search(r'^  "milliseconds": (\d+)', head, re.MULTILINE).group(1))
        attempts = int(re.search(r'^    "attempts": (\d+)', head, re.MULTILINE).group(1))
        return Finished(attempts, max(milliseconds, 1) / 1000, whole)

    def saturated_recording(self):
        """A hive that ran fan-outs of noop tasks at full speed, and for how long."""
        if self.saturated is None:
            plan = self.fan_out(self.count(100_000, 200), "noop: {}")
            data = self.data / "saturated"
            runs = [self.run(plan, data) for _ in range(self.count(4, 1))]
            self.saturated = data, sum(run.run_seconds for run in runs)
        return self.saturated

