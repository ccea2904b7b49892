"""How long files and functions may be."""

import ast
import re

from project import Finding, line_of

FILE_LIMITS = {".hpp": 200, ".cpp": 500, ".proto": 500}
SCRIPT_LIMIT = 500
FUNCTION_LIMIT = 60

# What may stand between the last statement and the heading: labels, and macros without a ';'.
NOT_YET = re.compile(
    r"\s*(?:(?:public|private|protected)\s*:(?!:)\s*|[A-Z][A-Z0-9_]*\s*\([^;{}]*?\)[ \t]*\n\s*(?=\S))*"
)
SCOPE = re.compile(
    r'(?:(?:inline|typedef|static|constexpr|export)\s+)*(?:namespace|class|struct|union|enum|extern\s*"")(?!\w)'
)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)


def closing_brace(code, opening):
    depth = 0
    for brace in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.start()
    return len(code) - 1


def without_template(heading):
    """The heading without `template <...>` in front."""
    while heading.startswith("template"):
        depth = 0
        for angle in re.finditer(r"[<>]", heading):
            depth += 1 if angle.group() == "<" else -1
            if depth == 0:
                heading = heading[angle.end() :].lstrip()
                break
        else:
            return heading
    return heading


def cpp_functions(code):
    """First and last line of every function that stands in no other one. Lambdas count as part
    of theirs; what a constructor initializes counts as part of it."""
    code = PREPROCESSOR.sub(lambda match: "\n" * match.group().count("\n"), code)
    heading = parentheses = at = 0
    while mark := re.compile(r"[{}();]").search(code, at):
        sign, at = mark.group(), mark.end()
        if sign in "()":
            parentheses += 1 if sign == "(" else -1
        elif sign != "{":
            heading = at if parentheses <= 0 else heading
        elif parentheses > 0:
            at = closing_brace(code, mark.start()) + 1
        else:
            begin = NOT_YET.match(code, heading, mark.start()).end()
            head = without_template(code[begin : mark.start()])
            if SCOPE.match(head):
                heading = at
                continue
            at = closing_brace(code, mark.start()) + 1
            if re.match(r"\s*[,{;]", code[at:at + 200]):
                continue
            if "(" in head:
                yield line_of(code, begin), line_of(code, at - 1)
            heading = at


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno


def shell_functions(text):
    for function in re.finditer(r"^\w+\(\) \{\n.*?^\}", text, re.MULTILINE | re.DOTALL):
        yield line_of(text, function.start()), line_of(text, function.end())


def functions_of(project, path):
    if path.endswith((".cpp", ".hpp")):
        return cpp_functions(project.code(path))
    language = project.language(path)
    if language == "python":
        return python_functions(project.text(path))
    if language == "shell":
        return shell_functions(project.text(path))
    return ()


def check(project):
    for path in project.files:
        ending = "." + path.rpartition(".")[2]
        limit = FILE_LIMITS.get(ending, SCRIPT_LIMIT if project.language(path) else None)
        if limit is None:
            continue
        lines = project.text(path).count("\n")
        if lines >= limit:
            yield Finding(path, lines, f"{lines} lines; a file like this stays under {limit}")
        for first, last in functions_of(project, path):
            length = last - first + 1
            if length >= FUNCTION_LIMIT:
                yield Finding(
                    path, first, f"a function of {length} lines; one stays under {FUNCTION_LIMIT}"
                )
