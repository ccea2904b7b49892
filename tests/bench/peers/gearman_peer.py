"""peers.gearman_peer COUNT DIRECTORY: tasks a second of gearmand with a queue in sqlite. Client
and worker speak its protocol themselves and do nothing else, so the figure is the server's."""

import os
import socket
import struct
import sys
import threading
import time

from peers.server import require, serving

CAN_DO, JOB_CREATED, GRAB_JOB, NO_JOB, JOB_ASSIGN = 1, 8, 9, 10, 11
WORK_COMPLETE, SUBMIT_JOB_BG = 13, 18
HEADER = struct.Struct(">4sII")
FUNCTION = b"noop"


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.incoming = self.socket.makefile("rb")

    def say(self, kind, *fields):
        body = b"\0".join(fields)
        self.socket.sendall(HEADER.pack(b"\0REQ", kind, len(body)) + body)

    def hear(self):
        _, kind, size = HEADER.unpack(self.incoming.read(HEADER.size))
        return kind, self.incoming.read(size)


def submit(port, count):
    """All at once: the answers are read when all is said."""
    client = Connection(port)
    for number in range(count):
        client.say(SUBMIT_JOB_BG, FUNCTION, b"task-%d" % number, b"")
    for _ in range(count):
        if client.hear()[0] != JOB_CREATED:
            raise RuntimeError("gearmand has refused a job")


def work(port, count):
    worker = Connection(port)
    worker.say(CAN_DO, FUNCTION)
    while count > 0:
        worker.say(GRAB_JOB)
        kind, body = worker.hear()
        if kind == JOB_ASSIGN:
            worker.say(WORK_COMPLETE, body.split(b"\0", 1)[0], b"")
            count -= 1
        elif kind != NO_JOB:
            raise RuntimeError(f"gearmand says {kind}")


def main(count, directory):
    program = require("gearmand")

    def command(port):
        queue = ["--queue-type=libsqlite3", f"--libsqlite3-db={directory}/queue"]
        log = f"--log-file={directory}/log"
        user = ["--user=root"] if os.getuid() == 0 else []
        return [program, "--listen=127.0.0.1", f"--port={port}", log, *queue, *user]

    with serving(command) as port:
        began = time.monotonic()
        client = threading.Thread(target=submit, args=(port, count))
        client.start()
        work(port, count)
        took = time.monotonic() - began
        client.join()
    print(count / took)


main(int(sys.argv[1]), sys.argv[2])
