"""One table, and the machine that it holds for."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path
from typing import NamedTuple, Optional

HEAD = ("what", "measured", "baseline in the same run", "ratio", "budget", "met?")
MADE, END = "<!-- {}: made by tests/bench/run --write -->", "<!-- until here -->"


class Row(NamedTuple):
    what: str
    measured: str
    baseline: str = ""
    ratio: str = ""
    budget: str = ""
    met: Optional[bool] = None  # none: there is no budget, or it was not measured

    def cells(self):
        return (*self[:5], {True: "yes", False: "**no**", None: ""}[self.met])


def figure(number):
    """Three digits are all that a noisy machine can tell."""
    if number >= 1000:
        digits = 3 - len(str(int(number)))
        return f"{round(number, digits):,.0f}"
    return f"{number:.3g}"


def ratio_row(what, unit, pairs, budget=None):
    return Row(
        what,
        f"{figure(pairs.measured)} {unit}",
        f"{figure(pairs.baseline)} {unit}",
        f"{pairs.ratio:.2f}",
        "" if budget is None else f"{budget:g}",
        None if budget is None else pairs.ratio >= budget,
    )


def unmeasured(what, why):
    return Row(what, f"unmeasured: {why}")


def rendered(rows):
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    text = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines]
    text.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(text)


def machine(data):
    model = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    version = Path("/etc/debian_version")
    disk = subprocess.run(
        ["df", "--output=fstype", data], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    return (
        f"{datetime.date.today()}; {os.cpu_count()} cores of "
        f"{model.group(1) if model else platform.processor()}; "
        f"Debian {version.read_text().strip() if version.exists() else 'not'}, "
        f"Linux {platform.release()}; data on {disk}; load before it {os.getloadavg()[0]:.1f}."
    )


def write(path, table, rows, facts):
    """Replaces the page's table of that name."""
    write_between(path, MADE.format(table), rendered(rows), facts)


def write_between(path, begin, table, facts):
    before, rest = path.read_text(encoding="utf-8").split(begin)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{begin}\n{table}\n\n{facts}\n{END}{after}", encoding="utf-8")
