"""What clang-format and shellcheck say."""

import re
import shutil
import subprocess

from project import Finding, skip

FORMAT_VERSION = "14"  # Debian 12's; others lay some lines out in their own way
COMPLAINT = re.compile(r"^(\S+?):(\d+):\d+: (?:error|warning|note): (.*)$", re.MULTILINE)


def complaints(command, root):
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    found = COMPLAINT.findall(run.stdout + run.stderr)
    if run.returncode != 0 and not found:
        found = [(command[0], 0, (run.stdout + run.stderr).strip())]
    return [Finding(path, int(line), what) for path, line, what in found]


def check_format(project):
    if shutil.which("clang-format") is None:
        skip("clang-format is not installed")
    version = subprocess.run(
        ["clang-format", "--version"], capture_output=True, text=True, check=True
    ).stdout
    if f"version {FORMAT_VERSION}." not in version:
        skip(f"judged by clang-format {FORMAT_VERSION} alone; here is {version.strip()}")
    return complaints(["clang-format", "--dry-run", "-Werror", *project.cpp()], project.root)


def check_shell(project):
    if shutil.which("shellcheck") is None:
        skip("shellcheck is not installed")
    scripts = [path for path in project.files if project.language(path) == "shell"]
    return complaints(["shellcheck", "-x", "--format=gcc", *scripts], project.root)
