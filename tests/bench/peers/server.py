"""A server of its own for the time of one measurement."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time

NOT_INSTALLED = 77


def require(program):
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin")
    return found or sys.exit(NOT_INSTALLED)


@contextlib.contextmanager
def serving(command, patience=10):
    """Gives the port; `command` makes the command line from it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(command(port), stdout=subprocess.DEVNULL) as server:
        try:
            wait_until(lambda: answers(port), patience)
            yield port
        finally:
            server.terminate()


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_until(holds, patience):
    until = time.monotonic() + patience
    while not holds():
        if time.monotonic() > until:
            raise RuntimeError(f"nothing answers within {patience} s")
        time.sleep(0.02)
