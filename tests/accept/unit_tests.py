"""Promises that only a test inside the program can show: found by name, run, and told."""

import fnmatch
import re
import subprocess

from hive import PROGRAM, ROOT
from verdict import expect, skip


def program_of(room):
    """The room's test program, beside the program that is judged, else of another build."""
    for build in (PROGRAM.parent, ROOT / "build/debug", ROOT / "build/release"):
        found = build / "tests" / f"test_{room.replace('/', '_')}"
        if found.exists():
            return found
    return skip(f"no test of {room} is built: tests/run builds them")


def cases_of(program):
    """Each case and its path; a case of a suite is indented below it."""
    listed = subprocess.run([program, "--list_content=HRF"], capture_output=True, text=True,
                            check=False)
    suite, cases = "", {}
    for indent, name in re.findall(r"^( *)(\w+).*\*$", listed.stdout + listed.stderr, re.MULTILINE):
        suite = suite if indent else name
        cases[name] = f"{suite}/{name}" if indent else name
    return cases


def unit_test(room, *patterns):
    """Runs the room's cases that the patterns name; says which."""
    program = program_of(room)
    cases = cases_of(program)
    for pattern in patterns:
        chosen = fnmatch.filter(cases, pattern)
        expect(chosen, f"no test of {room} is called {pattern}")
        for case in chosen:
            ran = subprocess.run([program, f"--run_test={cases[case]}*"], cwd=ROOT, text=True,
                                 capture_output=True, timeout=300, check=False)
            expect(ran.returncode == 0, f"{case}: {(ran.stdout + ran.stderr)[-1500:]}")
    return f"{room}: " + "; ".join(pattern.strip("*").replace("_", " ") for pattern in patterns)
