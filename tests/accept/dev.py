"""A hive of real processes on this machine, as `dev` starts it."""

import contextlib
import json
import os
import signal

from hive import until
from verdict import expect


class Dev:
    """A `dev` at work, and what it told."""

    def __init__(self, hive, *arguments, **options):
        self.data = hive.home / "dev"
        self._errors = hive.home / "dev.err"
        with open(self._errors, "w", encoding="utf-8") as errors:
            self._process = hive.start("dev", "--data", self.data, "-o", "json", *arguments,
                                       stderr=errors, **options)
        line = self._process.stdout.readline()
        expect(line, "dev ended: " + self.errors())
        self.told = json.loads(line)

    def node(self, node):
        return next(one for one in self.told["nodes"] if one["id"] == node)

    def errors(self):
        """All that dev has said of what went wrong."""
        return self._errors.read_text(encoding="utf-8")

    def log(self, name):
        return (self.data / f"{name}.log").read_text(encoding="utf-8")

    def hang_up(self, name):
        """The node of that name is to read its files again."""
        os.kill(next(one["pid"] for one in self.told["nodes"] if one["name"] == name),
                signal.SIGHUP)

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)


@contextlib.contextmanager
def dev(hive, *arguments, **options):
    started = Dev(hive, *arguments, **options)
    try:
        yield started
    finally:
        started.stop()


def root_of(hive, where, *keys, circuit=0):
    """Who leads, as is known there: at dev's data, or at a queen's address; waits until somebody
    does."""

    def root():
        listed = json.loads(hive.expect("circuits", "list", "--hive", where, *keys, "-o", "json").out)
        return next((one["root"] for one in listed if one["circuit"] == circuit), None)

    return until(root, f"a root of circuit {circuit}")
