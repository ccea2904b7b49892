"""peers.celery_peer COUNT DIRECTORY: tasks a second of Celery, whose queue and results are in a
Redis that syncs every write."""

import importlib.util
import os
import subprocess
import sys
import time

from peers.server import NOT_INSTALLED, require, serving

PATIENCE = 60  # seconds


def measured(count):
    from celery import group
    from peers.celery_tasks import app, noop

    command = [sys.executable, "-B", "-m", "celery", "-A", "peers.celery_tasks", "--quiet"]
    with subprocess.Popen([*command, "worker", "--loglevel=ERROR"]) as worker:
        try:
            noop.delay().get(PATIENCE)  # the worker is there
            began = time.monotonic()
            group(noop.s() for _ in range(count)).apply_async().join(PATIENCE + count / 10)
            return count / (time.monotonic() - began)
        finally:
            worker.terminate()


def main(count, directory):
    program = require("redis-server")
    if not all(importlib.util.find_spec(module) for module in ("celery", "redis")):
        sys.exit(NOT_INSTALLED)

    def command(port):
        durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        return [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", directory, *durable]

    with serving(command) as port:
        os.environ["BENCH_REDIS"] = f"redis://127.0.0.1:{port}/0"
        print(measured(count))


main(int(sys.argv[1]), sys.argv[2])
