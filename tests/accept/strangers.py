"""Who connects to a port of a hive without a key, and what he says there."""

import contextlib
import random
import resource
import select
import socket

PATIENCE = 20  # seconds

# As ZMTP 3.1 begins: signature, version, mechanism, as-server, filler.
SIGNATURE = b"\xff" + b"\0" * 8 + b"\x7f"
GREETING = SIGNATURE + b"\x03\x01" + b"CURVE".ljust(20, b"\0") + b"\0" + b"\0" * 31
PLAIN = SIGNATURE + b"\x03\x01" + b"NULL".ljust(20, b"\0") + b"\0" + b"\0" * 31
HELLO = b"\x04\xc8\x05HELLO" + b"\x01\0" + b"\0" * 72 + b"k" * 32 + b"\0" * 8 + b"b" * 80


def lengthy(flags, length):
    """A frame that announces so many bytes."""
    return GREETING + bytes([flags]) + length.to_bytes(8, "big")


# What a port gets, and then nothing more.
SAYINGS = {
    "nothing": b"",
    "half a signature": SIGNATURE[:5],
    "a signature": SIGNATURE,
    "a greeting": GREETING,
    "a greeting without keys": PLAIN + b"\x04\x19\x05READY",
    "a greeting of an old protocol": b"\x01\x00",
    "a hello with a key of its own making": GREETING + HELLO,
    "a hello twice": GREETING + HELLO + HELLO,
    "a frame of 1 GiB": lengthy(0x02, 1 << 30),
    "a command of 1 GiB": lengthy(0x06, 1 << 30),
    "a frame of 8 EiB": lengthy(0x02, (1 << 63) - 1),
    "HTTP": b"GET / HTTP/1.1\r\nHost: hive\r\n\r\n",
}


def connection(address):
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def say(address, words):
    """Says it, and waits until the other end has had enough."""
    with connection(address) as stranger:
        try:
            stranger.sendall(words)
            while select.select([stranger], [], [], PATIENCE)[0]:
                if not stranger.recv(4096):
                    return True
        except OSError:  # it was rude about it
            return True
    return False


def babble(address, seed, times):
    """Random bytes, some behind a true greeting."""
    numbers = random.Random(seed)
    for _ in range(times):
        with connection(address) as stranger, contextlib.suppress(OSError):
            greeting = numbers.choice([b"", SIGNATURE, GREETING, GREETING + HELLO])
            stranger.sendall(greeting + numbers.randbytes(numbers.randrange(1, 5000)))


@contextlib.contextmanager
def crowd(addresses, count):
    """So many connections, each with a greeting and nothing more; as many as this process may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with contextlib.ExitStack() as stack:
        there = []
        for i in range(count):
            try:
                there.append(stack.enter_context(connection(addresses[i % len(addresses)])))
                there[-1].sendall(GREETING)
            except OSError:
                break
        yield there
