"""RocksDB's write-ahead log, read and written again: to lose a record as if it had never been.

Pages of 32 KiB hold pieces {masked crc32c, length, type, payload}; a record is one full piece
(type 1), or a first (2), middle ones (3) and a last (4).
"""

import struct

PAGE = 32_768
HEADER = struct.Struct("<IHB")


def crc_table():
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        yield byte


TABLE = tuple(crc_table())


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(log):
    found, parts, at = [], [], 0
    while at + HEADER.size <= len(log):
        room = PAGE - at % PAGE
        _, length, kind = HEADER.unpack_from(log, at)
        if room < HEADER.size or kind == 0:
            at += room
            continue
        at += HEADER.size + length
        parts.append(log[at - length : at])
        if kind in (1, 4):
            found.append(b"".join(parts))
            parts = []
    return found


def puts(payload, key_length):
    """Whether it begins with a put to the default family, under a key of that length."""
    return payload[12:14] == bytes([1, key_length])


def written(payloads):
    log = bytearray()
    for payload in payloads:
        first = True
        while first or payload:
            room = PAGE - len(log) % PAGE
            if room < HEADER.size:
                log += bytes(room)
                continue
            piece, payload = payload[: room - HEADER.size], payload[room - HEADER.size :]
            kind = (1 if first else 4) if not payload else (2 if first else 3)
            log += HEADER.pack(masked_crc(bytes([kind]) + piece), len(piece), kind) + piece
            first = False
    return bytes(log)
