"""Calls that pure code may not make, and sleeps that tests may not take."""

import re

from project import Finding, line_of

# A free function by this name, not a member and not part of a longer name.
FREE = r"(?<![\w.>])(?<!\w::)(?:std::|::)?"

IN_PURE = [
    (r"\b\w*_clock\b", "a clock: time comes in as an input"),
    (FREE + r"(?:time|clock|clock_gettime|gettimeofday|localtime|gmtime)\s*\(", "a clock"),
    (FREE + r"(?:s?rand|random|drand48|getrandom)\s*\(", "chance: seeds come in as inputs"),
    (r"\b(?:random_device|mt19937\w*|default_random_engine|\w+_distribution)\b", "chance"),
    (r"\b(?:secure_)?getenv\b", "the environment"),
    (r"\bstd::hash\b", "a hash: its order is not the same everywhere"),
    (r"\bunordered_(?:multi)?(?:map|set)\b", "a hash order"),
    (r"\bstd::(?:jthread|thread|async|this_thread)\b", "a thread"),
    (r"\bthread_local\b", "a thread"),
    (r"\bstd::(?:\w*mutex|\w*_lock|lock_guard|atomic\w*|condition_variable\w*)\b", "a lock"),
    (FREE + r"(?:printf|puts|putchar|fprintf|perror|scanf|system|popen|fopen|fork)\s*\(", "I/O"),
    (r"\bstd::(?:cout|cerr|clog|cin|\w?fstream|filesystem)\b", "I/O"),
    (r"\bu?intptr_t\b", "an address: it is not the same everywhere"),
    (r"\b(?:float|double)\b", "a fraction: decisions are made in integers"),
]

SLEEP_IN_CPP = r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\b|" + FREE + r"sleep\s*\("
# Polling is a wait on a condition: `until CONDITION; do sleep 0.1; done` in one line.
SLEEP_IN_SHELL = r"^(?!\s*#)(?!\s*(?:until|while)\b.*\bdo\b).*\bsleep\s+[0-9.$]"
SLEEP_IN_PYTHON = r"\btime\.sleep\b"
# Benchmarks load a machine for a while, and the planted sleeps are text.
MAY_SLEEP = ("tests/bench/", "tests/tidy/")


def matches(project, path, code, pattern, what):
    for match in re.finditer(pattern, code, re.MULTILINE):
        found = match.group().strip().rstrip("(").strip()
        yield Finding(path, line_of(code, match.start()), f"{what} ({found})")


def check_pure(project, table):
    for path in project.cpp():
        room = table.room_of(path)
        if room is None or not table.rooms[room].pure:
            continue
        for pattern, what in IN_PURE:
            why = f"{room} is pure: no {what.removeprefix('a ')}"
            yield from matches(project, path, project.code(path), pattern, why)


def check_sleeps(project):
    patterns = {"shell": SLEEP_IN_SHELL, "python": SLEEP_IN_PYTHON}
    for path in project.files:
        if not path.startswith("tests/") or path.startswith(MAY_SLEEP):
            continue
        why = "a test waits for a condition, not for time"
        if path.endswith((".cpp", ".hpp")):
            yield from matches(project, path, project.code(path), SLEEP_IN_CPP, why)
        elif project.language(path) in patterns:
            pattern = patterns[project.language(path)]
            yield from matches(project, path, project.text(path), pattern, why)


def check(project, table):
    yield from check_pure(project, table)
    yield from check_sleeps(project)
