"""What the archives of pure rooms need from elsewhere: symbols.txt."""

import os
import re
import subprocess

from project import Finding

UNDEFINED = re.compile(r"^\s+[Uwv] (.*)$", re.MULTILINE)
MEMBER = re.compile(r"^(\S+\.o):$", re.MULTILINE)


def allowed_by(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    patterns = [line for line in lines if line and not line.startswith("#")]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def check(build, table, allow_list):
    allowed = allowed_by(allow_list)
    for room in (name for name, room in table.rooms.items() if room.pure):
        archive = os.path.join(build, "rooms", f"lib{room.replace('/', '_')}.a")
        if not os.path.exists(archive):
            yield Finding(archive, 1, "missing: build first")
            continue
        listing = subprocess.run(
            ["nm", "-C", "--undefined-only", archive], capture_output=True, text=True, check=True
        ).stdout
        names = MEMBER.split(listing)
        for member, symbols in zip(names[1::2], names[2::2]):
            for symbol in UNDEFINED.findall(symbols):
                if not allowed.match(symbol):
                    yield Finding(f"{archive}({member})", 1, f"{room} is pure: no '{symbol}'")
