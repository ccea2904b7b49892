"""Which room may include what: arrows.txt."""

import os
import re
from typing import NamedTuple

from project import Finding

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


class Room(NamedTuple):
    pure: bool
    rooms: list
    foreign: list


class Table:
    def __init__(self, path):
        self.rooms, lists = {}, {}
        with open(path, encoding="utf-8") as file:
            for line in file:
                line = line.split("#")[0].strip()
                if "=" in line:
                    name, words = line.split("=")
                    lists[name.strip()] = words.split()
                elif line:
                    name, kind, rooms, foreign = (cell.strip() for cell in line.split("|"))
                    self.rooms[name] = Room(kind == "pure", rooms.split(), foreign.split())
        self.impure = set(lists["impure"])
        for room in self.rooms.values():
            if "posix" in room.foreign:
                room.foreign.remove("posix")
                room.foreign.extend(lists["posix"])

    def room_of(self, path):
        """The name of the room that a file lives in; None: it lives in none."""
        while path := os.path.dirname(path):
            if path in self.rooms:
                return path
        return None


def refusal(table, name, header, quoted):
    """Why a file of room `name` may not include `header`; None: it may."""
    room = table.rooms[name]
    if quoted:
        target = table.room_of(header)
        if target is None:
            return f'"{header}" is in no room: name it from the root of the project'
        if target == name or target in room.rooms:
            return None
        return f"{name} may not include {target}"
    if not re.search(r"[./]", header):
        return f"{name} is pure: no <{header}>" if room.pure and header in table.impure else None
    if any(header == own or own.endswith("/") and header.startswith(own) for own in room.foreign):
        return None
    return f"{name} may not include <{header}>"


def check(project, table):
    for path in project.cpp():
        room = table.room_of(path)
        if room is None:
            continue
        for line, text in enumerate(project.text(path).split("\n"), 1):
            include = INCLUDE.match(text)
            if include:
                reason = refusal(table, room, include[2], include[1] == '"')
                if reason:
                    yield Finding(path, line, reason)
