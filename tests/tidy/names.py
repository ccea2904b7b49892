"""What files and folders may not be called, and which rooms need a README."""

import re

from project import Finding

DRAWER = re.compile(r"(?:utils?|utilities|common|helpers?|misc)")
ROOMS = """messages election persistence actors actors/roles actors/host actors/links
           actors/edges sim deploy deploy/program tests docs""".split()


def check(project):
    for path in project.files:
        for part in path.split("/"):
            if DRAWER.fullmatch(part.split(".")[0]):
                yield Finding(path, 1, f"'{part}' says nothing of what is in it")
    for room in ROOMS:
        inside = any(path.startswith(room + "/") for path in project.files)
        if inside and room + "/README.md" not in project.files:
            yield Finding(room + "/README.md", 1, "missing: a few lines on who lives here")
