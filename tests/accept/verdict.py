"""Promises and their verdicts: a line each, as a user would see them."""

import contextlib
import sys
import time
import traceback


class Broken(Exception):
    """What was seen instead."""


class Skipped(Exception):
    """Why this can't be judged here."""


def expect(holds, seen):
    if not holds:
        raise Broken(str(seen))


def skip(why):
    raise Skipped(why)


PROMISES = []


def promise(text):
    """The function judges this promise: it returns (a remark, if it likes), or raises."""

    def keep(judge):
        PROMISES.append((text, judge))
        return judge

    return keep


def verdict_of(judge, world):
    try:
        with world() if world else contextlib.nullcontext() as place:
            remark = judge(place) if world else judge()
        return "ok     ", f" ({remark})" if remark else ""
    except Skipped as skipped:
        return "skipped", f": {skipped}"
    except Broken as broken:
        return "FAILS  ", f": {broken}"
    except Exception:  # a promise that ends in an accident is not kept
        return "FAILS  ", ": " + traceback.format_exc().rstrip()


def judge_all(title, world=None):
    """Judges every promise, each in a `world` of its own, and exits: 1 if one fails.

    Words on the command line choose: only promises whose text has one of them are judged.
    """
    words = sys.argv[1:]
    failed = False
    began = time.monotonic()
    print(title, flush=True)
    for text, judge in PROMISES:
        if words and not any(word in text for word in words):
            continue
        started = time.monotonic()
        verdict, remark = verdict_of(judge, world)
        failed = failed or verdict.startswith("FAILS")
        spent = time.monotonic() - started
        print(f"  {verdict} {spent:4.0f} s  {text}{remark}", flush=True)
    print(f"  in all  {time.monotonic() - began:4.0f} s", flush=True)
    sys.exit(1 if failed else 0)
