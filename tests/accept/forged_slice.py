"""An exported run with other bytes in it and every checksum made to fit again."""

import struct

WORD = (1 << 64) - 1
MULTIPLIER = 0xC6A4A7935BD1E995
HEADER = 72  # of a block; its last 8 bytes are a digest of those before


def digest(data, seed=0):
    """MurmurHash64A."""
    found = seed ^ len(data) * MULTIPLIER & WORD
    whole = len(data) // 8 * 8
    for (word,) in struct.iter_unpack("<Q", data[:whole]):
        word = word * MULTIPLIER & WORD
        word = (word ^ word >> 47) * MULTIPLIER & WORD
        found = (found ^ word) * MULTIPLIER & WORD
    if whole < len(data):
        found = (found ^ int.from_bytes(data[whole:], "little")) * MULTIPLIER & WORD
    found = (found ^ found >> 47) * MULTIPLIER & WORD
    return found ^ found >> 47


def little(number):
    return struct.pack("<Q", number)


def forged(slice_bytes, old, new):
    """`new` is as long as `old`; the chain of blocks is sealed anew."""
    assert len(old) == len(new) and old in slice_bytes
    slice_bytes = slice_bytes.replace(old, new)
    length, = struct.unpack_from("<I", slice_bytes, 12)
    start = slice_bytes[: 16 + length]
    made, previous, at = start + little(digest(start)), 0, len(start) + 8
    while at < len(slice_bytes):
        body_size, = struct.unpack_from("<Q", slice_bytes, at + 56)
        header = bytearray(slice_bytes[at : at + HEADER - 8])
        header[32:40] = little(previous)
        seal = digest(bytes(header))
        body = slice_bytes[at + HEADER : at + HEADER + body_size]
        previous = digest(body, seal)
        made += header + little(seal) + body + little(previous)
        at += HEADER + body_size + 8
    return made
