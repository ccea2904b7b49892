"""What the fields of described structs may not have: a default other than zero."""

import re

from lengths import closing_brace
from project import Finding, line_of

STRUCT = re.compile(r'\bstruct \w+ \{\s*static constexpr auto name = ')
DEFAULT = re.compile(r"^  (?!static|using|auto|template|return)[\w:<>, ]+ \w+(?: = [^;]+|\{[^}]+\});", re.MULTILINE)


def check(project):
    for path in project.cpp():
        code = project.code(path)
        for struct in STRUCT.finditer(code):
            opening = code.index("{", struct.start())
            body = code[opening : closing_brace(code, opening)]
            for default in DEFAULT.finditer(body):
                line = line_of(code, opening + default.start())
                what = "a field's default is zero, since zero is not on the wire"
                yield Finding(path, line, what)
