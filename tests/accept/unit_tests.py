"""Promises that only a test inside the program can show: found by name, run, and told."""

import fnmatch
import re
import subprocess

from hive import PROGRAM, ROOT
from verdict import expect, skip


def program_of(room):
    """The room's test program, beside the program that is judged, else of another build."""
    for build in (PROGRAM.parent, *(ROOT / "build" / preset for preset in ("debug", "release"))):
        found = build / "tests" / f"test_{room}"
        if found.exists():
            return found
    return skip(f"test_{room} is not built: tests/run builds it")


def unit_test(room, *patterns):
    """Runs the room's cases whose names fit a pattern; says which."""
    program = program_of(room)
    listed = subprocess.run([program, "--list_content=HRF"], capture_output=True, text=True,
                            check=False)
    cases = re.findall(r"^\s*(\w+)\*?", listed.stdout + listed.stderr, re.MULTILINE)
    chosen = [case for case in cases if any(fnmatch.fnmatch(case, one) for one in patterns)]
    expect(chosen, f"test_{room} has no case like {' or '.join(patterns)}")
    for case in chosen:
        ran = subprocess.run([program, f"--run_test=*/{case},{case}"], capture_output=True,
                             text=True, timeout=300, check=False)
        expect(ran.returncode == 0, f"{case}: {(ran.stdout + ran.stderr)[-1500:]}")
    return ", ".join(case.replace("_", " ") for case in chosen)
