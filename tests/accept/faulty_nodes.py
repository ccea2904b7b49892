"""A hive whose nodes can be told to cut each other, to have a slow disk, and so on."""

import json
import signal
import socket

from verdict import expect


class FaultyNodes:
    """The nodes of a hive that dev has made, each with a fault line."""

    def __init__(self, hive):
        self.data = hive.home / "dev"
        made = hive.start("dev", "--data", self.data, "--workers", "1", "-o", "json")
        told = json.loads(made.stdout.readline())
        self.nodes, self.keys = told["nodes"], told["client_keys"]
        made.send_signal(signal.SIGTERM)
        expect(hive.finish(made).code == 0, "dev ended otherwise")
        self.lines = {}
        self._running = [self._start(hive, node) for node in self.nodes]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self._running:
            node.send_signal(signal.SIGTERM)
            node.wait(60)

    def _start(self, hive, node):
        ours, theirs = socket.socketpair()
        with theirs, open(hive.home / "log", "a", encoding="utf-8") as log:
            self.lines[node["id"]] = ours.makefile("rw", encoding="utf-8")
            ours.close()
            return hive.start("node", "--config", self.data / f"hive/{node['name']}.yaml",
                              "--fault-line", theirs.fileno(), pass_fds=[theirs.fileno()],
                              stdout=log, stderr=log)

    def tell(self, node, order):
        """What the node says to it."""
        line = self.lines[node]
        line.write(order + "\n")
        line.flush()
        return line.readline().strip()
