"""docs/follow-a-message.md names each function in the file which defines it."""

import re

from project import Finding, line_of

WALK = "docs/follow-a-message.md"
NAMED = re.compile(r"`(?P<path>[\w/]+\.[ch]pp)`,? `(?P<function>\w+(?:::\w+)*)`")


def check(project):
    if WALK not in project.files:
        return
    text = project.text(WALK)
    for named in NAMED.finditer(text):
        path, function = named["path"], named["function"]
        if path not in project.files:
            yield Finding(WALK, line_of(text, named.start()), f"there is no {path}")
        elif not defines(project.code(path), function):
            what = f"{path} defines no {function}"
            yield Finding(WALK, line_of(text, named.start()), what)


def defines(code, function):
    name = function.rsplit("::", 1)[-1]
    qualified = re.search(rf"\b{function}\(", code)
    inside = re.search(rf"^  [^\n;=]*\b{name}\([^;]*?\{{", code, re.MULTILINE)
    return qualified or inside
