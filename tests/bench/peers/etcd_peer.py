"""peers.etcd_peer puts CLIENTS MEMBERS SECONDS DIRECTORY: puts of 200 bytes a second of etcd, and
the median and slowest of them in milliseconds; CLIENTS wait for one answer before they go on.
peers.etcd_peer failover ROUNDS DIRECTORY: kills its leader of three, ROUNDS times; milliseconds until
another member answers a put; each waits for its answer 100 ms, then the next one is sent."""

import base64
import contextlib
import http.client
import json
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import time

from peers.server import answers, require, wait_until

VALUE = b"x" * 200
GATEWAY = {"key": base64.b64encode(b"key").decode(), "value": base64.b64encode(VALUE).decode()}


class Member:
    def __init__(self, name, directory):
        self.name, self.directory = name, directory / name
        self.port, self.peer_port = free_port(), free_port()
        self.members, self.process = [], None

    def start(self, members):
        self.members = members
        self.start_again()

    def start_again(self):
        peers = ",".join(f"{one.name}=http://127.0.0.1:{one.peer_port}" for one in self.members)
        clients = f"http://127.0.0.1:{self.port}"
        other_members = f"http://127.0.0.1:{self.peer_port}"
        self.process = subprocess.Popen(
            [require("etcd"), "--name", self.name, "--data-dir", self.directory,
             "--listen-client-urls", clients, "--advertise-client-urls", clients,
             "--listen-peer-urls", other_members, "--initial-advertise-peer-urls", other_members,
             "--initial-cluster", peers],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self, path, body, patience=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        with contextlib.closing(connection):
            connection.request("POST", path, json.dumps(body))
            answer = connection.getresponse()
            told = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"etcd says {told}")
        return told

    def status(self):
        return self.ask("/v3/maintenance/status", {})

    def leads(self):
        told = self.status()
        return told["leader"] == told["header"]["member_id"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def cluster(count, directory):
    members = [Member(f"m{i}", directory) for i in range(count)]
    for member in members:
        member.start(members)
    try:
        wait_until(lambda: all(answers(member.port) for member in members), 30)
        members[0].ask("/v3/kv/put", GATEWAY)
        yield members
    finally:
        for member in members:
            member.process.kill()
            member.process.wait()


def agree(members):
    with contextlib.suppress(RuntimeError, OSError):  # who was killed is not back yet
        return len({member.status()["leader"] for member in members}) == 1
    return False


def leader(members):
    return next(member for member in members if member.leads())


def puts(clients, count, seconds, directory):
    load = require("h2load")
    message = b"\x0a\x03key\x12" + bytes([len(VALUE) & 0x7F | 0x80, len(VALUE) >> 7]) + VALUE
    body = directory / "put"
    body.write_bytes(b"\0" + struct.pack(">I", len(message)) + message)
    connections = min(clients, 8)
    with cluster(count, directory) as members:
        done = subprocess.run(
            [load, "-D", str(seconds), "-c", str(connections), "-m", str(clients // connections),
             "-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers",
             f"http://127.0.0.1:{leader(members).port}/etcdserverpb.KV/Put"],
            check=True, capture_output=True, text=True)
    print(re.search(r"([0-9.]+) req/s", done.stdout)[1])


def failover(rounds, directory):
    with cluster(3, directory) as members:
        for _ in range(rounds):
            wait_until(lambda: agree(members), 30)
            time.sleep(1)
            first = leader(members)
            other = next(member for member in members if member is not first)
            first.process.send_signal(signal.SIGKILL)
            began = time.monotonic()
            while True:  # a put that was forwarded to the dead leader is refused after 7 s only
                with contextlib.suppress(RuntimeError, OSError):
                    other.ask("/v3/kv/put", GATEWAY, patience=0.1)
                    break
            print((time.monotonic() - began) * 1000)
            first.process.wait()
            first.start_again()


def main(what, *rest):
    directory = pathlib.Path(rest[-1])
    if what == "puts":
        clients, count, seconds = map(int, rest[:-1])
        puts(clients, count, seconds, directory)
    else:
        failover(int(rest[0]), directory)


main(*sys.argv[1:])
