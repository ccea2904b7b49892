"""The files of the project, and its C++ without comments and strings."""

import functools
import os
import re
import sys
from typing import NamedTuple

CPP = (".cpp", ".hpp")
NOT_OURS = re.compile(r"build(-.*)?|__pycache__|\.(?!ci$).*")

LITERAL_OR_COMMENT = re.compile(
    r'R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'"
    r"|//(?:\\\n|[^\n])*|/\*.*?\*/",
    re.DOTALL,
)


class Finding(NamedTuple):
    path: str
    line: int
    what: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}"


class Project:
    def __init__(self, root):
        self.root = root
        self.files = sorted(self._walk())

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not NOT_OURS.fullmatch(name)]
            for name in names:
                yield os.path.relpath(os.path.join(folder, name), self.root)

    @functools.cache
    def text(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
            return file.read()

    @functools.cache
    def code(self, path):
        """C++ with each comment blanked and each string emptied; lines stay where they are."""

        def blank(match):
            found = match.group()
            lines = "\n" * found.count("\n")
            return lines if found.startswith("/") else '""' + lines

        return LITERAL_OR_COMMENT.sub(blank, self.text(path))

    def cpp(self):
        return [path for path in self.files if path.endswith(CPP)]

    @functools.cache
    def language(self, path):
        """'python', 'shell' or '': by its ending, or by the program in its first line."""
        if path.endswith(".py"):
            return "python"
        if path.endswith(".sh"):
            return "shell"
        if "." in os.path.basename(path):
            return ""
        first = self.text(path).split("\n", 1)[0]
        if not first.startswith("#!"):
            return ""
        return "python" if "python" in first else "shell" if first.endswith("sh") else ""


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def skip(reason):
    """ctest shows the test as skipped, with the reason."""
    print(f"skipped: {reason}")
    sys.exit(77)
