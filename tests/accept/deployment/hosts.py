"""Hosts of one's own: what docs/operate.md tells a person to type is run, each host being a directory.

`ssh`, `scp`, `systemctl` and what else needs a host or root are stood in for by `host_tools`: a path of
a host is one below its directory, and 10.0.0.N an address of the loopback network that nobody else has.
"""

import os
import pathlib
import random
import re
import shutil
import signal
import subprocess

from hive import PATIENCE, PROGRAM, ROOT, Ended, Hive, until
from verdict import expect

TOOLS = pathlib.Path(__file__).with_name("host_tools")
STOOD_IN_FOR = ("ssh", "scp", "systemctl", "systemd-sysusers", "chown")


def commands_under(heading):
    """The blocks marked `sh admin` below a heading of the page, up to the next one like it."""
    page = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    level = heading.split(" ")[0]
    section = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^{level} |\Z)", page, re.DOTALL | re.MULTILINE)
    expect(section, f"docs/operate.md has no heading {heading}")
    blocks = re.findall(r"^ *```sh admin\n(.*?)^ *```$", section[1], re.DOTALL | re.MULTILINE)
    expect(blocks, f"there are no commands under {heading}")
    return blocks


class Hosts(Hive):
    def __init__(self):
        super().__init__()
        self.network = f"127.{random.randint(1, 254)}.{random.randint(0, 255)}."
        self.hosts = self.home / "hosts"
        self.desk = self.home / "desk"  # where the person sits
        tools = self.home / "tools"
        for folder in (self.hosts, self.desk / "build/release", tools):
            folder.mkdir(parents=True)
        (self.desk / "build/release/queenright").symlink_to(PROGRAM)
        (tools / "queenright").symlink_to(PROGRAM)
        for shared in ("deploy", "docs"):
            (self.desk / shared).symlink_to(ROOT / shared)
        for name in STOOD_IN_FOR:
            (tools / name).symlink_to(TOOLS)
        self._environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(self.home),
                             "LANG": "C.UTF-8", "HOSTS": str(self.hosts),
                             "QUEENRIGHT_HIVE": "north"}

    def __exit__(self, *ended):
        for noted in self.hosts.glob("*/run/pid"):
            self.kill(noted.parent.parent.name)
        super().__exit__(*ended)

    def type(self, commands, code=0):
        """Types commands, as the page has them, at the desk."""
        commands = commands.replace("10.0.0.", self.network)
        ended = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=self.desk, text=True,
                               env=self._environment, capture_output=True, timeout=2 * PATIENCE,
                               check=False)
        expect(ended.returncode == code, f"{commands}\n{ended.stderr}{ended.stdout}")
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def follow(self, heading):
        """Does all that the page says under a heading."""
        for block in commands_under(heading):
            self.type(block)

    def found(self):
        self.follow("## From nothing to a hive in ten minutes")

    def path(self, host, path):
        return self.hosts / host / path.lstrip("/")

    def journal(self, host):
        return self.path(host, f"/var/lib/queenright/{host}")

    def process(self, host):
        return int(self.path(host, "/run/pid").read_text(encoding="utf-8"))

    def kill(self, host):
        """As when the power goes."""
        try:
            process = self.process(host)
            os.kill(process, signal.SIGKILL)
            until(lambda: not is_there(process), f"the end of {host}")
        except (OSError, ValueError):
            return

    def lose(self, host):
        """The machine is gone, with all that was on it."""
        self.kill(host)
        shutil.rmtree(self.hosts / host)

    def node(self, host, *arguments, code):
        """A node that is started by hand, and ends by itself."""
        ended = self.do("node", "--config", self.path(host, f"/etc/queenright/{host}.yaml"), *arguments,
                        env={"QUEENRIGHT_NODE_DATA": str(self.journal(host))})
        expect(ended.code == code, ended)
        return ended.err

    def says(self, host):
        return self.path(host, "/run/log").read_text(encoding="utf-8")


def is_there(process):
    try:
        status = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"
