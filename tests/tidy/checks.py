"""Every check by its name."""

import itertools
import os

import arrows
import banned
import described
import lengths
import names
import style
import symbols
import walk
from project import Project

HERE = os.path.dirname(os.path.abspath(__file__))


def check_rules(root):
    project, arrow_table = Project(root), table()
    return itertools.chain(
        arrows.check(project, arrow_table),
        lengths.check(project),
        banned.check(project, arrow_table),
        names.check(project),
        described.check(project),
        walk.check(project),
    )


def check_symbols(_, build):
    return symbols.check(build, table(), os.path.join(HERE, "symbols.txt"))


def table():
    return arrows.Table(os.path.join(HERE, "arrows.txt"))


CHECKS = {
    "rules": check_rules,
    "format": lambda root: style.check_format(Project(root)),
    "shell": lambda root: style.check_shell(Project(root)),
    "symbols": check_symbols,
}
