"""The files that deploy/ has for services, containers and hosts."""

import re
import shutil
import socket
import subprocess
import tempfile

from hive import ROOT, until
from unit_tests import unit_test
from verdict import expect, promise, skip

try:
    import yaml
except ImportError:
    yaml = None

NODES = ("queen-1", "queen-2", "queen-3", "worker-1", "worker-2")


@promise("the unit is one that systemd takes, and keeps what it promises: notify, watchdog, restart, hardening")
def unit(hosts):
    text = (ROOT / "deploy/systemd/queenright-node@.service").read_text(encoding="utf-8")
    for line in ("Type=notify", "NotifyAccess=main", "WatchdogSec=20s", "Restart=on-failure",
                 "RestartPreventExitStatus=2 3", "StateDirectory=queenright/%i", "LimitNOFILE=65536",
                 "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        expect(f"\n{line}\n" in text, f"no line {line}")
    if not shutil.which("systemd-analyze"):
        skip("systemd-analyze is not installed")
    made = hosts.write("queenright-node@a.service", text.replace("/usr/bin/queenright", "/bin/true"))
    ended = subprocess.run(["systemd-analyze", "verify", "--man=no", made], text=True,
                           capture_output=True, timeout=120, check=False)
    if "Failed to" in ended.stderr and "manager" in ended.stderr:
        skip("systemd-analyze can't work here: " + ended.stderr.strip())
    expect(ended.returncode == 0 and not ended.stderr.strip(), ended.stderr)


def read(path):
    if yaml is None:
        skip("python3-yaml is not installed")
    return yaml.safe_load((ROOT / "deploy" / path).read_text(encoding="utf-8"))


@promise("the compose file has three queens and two workers, each with its own files, data and key only")
def compose(_):
    services = read("compose/compose.yaml")["services"]
    expect(set(services) == {*NODES, "operator"}, services.keys())
    for name in NODES:
        service = services[name]
        mounted = [volume.split(":")[0] for volume in service["volumes"]]
        expect(mounted == ["./north/hive.yaml", f"./north/{name}.yaml", f"./north/{name}.key",
                           f"./data/{name}"], mounted)
        expect(service["command"] == ["node", "--config", f"/hive/{name}.yaml"], service["command"])
        expect(service["read_only"] and service["cap_drop"] == ["ALL"], service)
    founding = read("compose/found.yaml")["services"]
    expect({name: service["command"] for name, service in founding.items()} ==
           {name: [*services[name]["command"], "--found"] for name in NODES}, founding)


@promise("the compose guide's keys are those of the compose file's nodes")
def compose_keys(hosts):
    guide = (ROOT / "deploy/compose/README.md").read_text(encoding="utf-8")
    command = re.search(r"queenright (keys new north.*?)\nexport", guide, re.DOTALL)[1]
    hosts.expect(*command.replace("\\\n", " ").split())
    made = {path.name for path in (hosts.home / "north").iterdir()}
    expect(made == {"hive.yaml", "operator.client.yaml",
                    *(f"{name}.{kind}" for name in NODES for kind in ("yaml", "key"))}, made)
    said = hosts.expect("node", "--config", "north/queen-2.yaml", "--check", "-o", "human").out
    expect("listens on tcp://*:7401" in said, said)


@promise("the Containerfile copies what there is, and starts the program")
def containerfile(_):
    text = (ROOT / "deploy/compose/Containerfile").read_text(encoding="utf-8")
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines()
             if line and not line.startswith("#")]
    known = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENTRYPOINT"}
    expect(all(line.split()[0] in known for line in lines), lines)
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            missing = [path for path in line.split()[1:-1] if not (ROOT / path).exists()]
            expect(not missing, missing)
    expect('ENTRYPOINT ["/usr/bin/queenright"]' in lines, lines)


@promise("deploy/cluster has the files that its command makes, without a secret")
def cluster(hosts):
    folder = ROOT / "deploy/cluster"
    guide = (folder / "README.md").read_text(encoding="utf-8")
    command = re.search(r"queenright (keys new north.*?)\n```", guide, re.DOTALL)[1]
    hosts.expect(*command.replace("\\\n", " ").split())

    def without_keys(path):
        text = path.read_text(encoding="utf-8")
        return re.sub(r'^id: .*$|key: ".*?"}', "", text, flags=re.MULTILINE)

    kept = {path.name: without_keys(path) for path in folder.glob("*.yaml")}
    made = {path.name: without_keys(path) for path in (hosts.home / "north").glob("*.yaml")
            if ".client." not in path.name}
    expect(kept == made, f"{kept}\n{made}")
    for key in ("a", "b", "c", "w1"):
        shutil.copy(hosts.home / f"north/{key}.key", hosts.home)
        expect(not list(folder.glob("*.key")), "there is a secret in deploy/cluster")


@promise("a node tells systemd that it is ready, and feeds the watchdog as often as it is asked to")
def watchdog(hosts):
    hosts.expect("keys", "new", "north", "--node", f"a:queen@{hosts.network}1")
    with tempfile.TemporaryDirectory() as folder, socket.socket(
            socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(f"{folder}/notify")
        notices.settimeout(0.05)
        node = hosts.start("node", "--config", "north/a.yaml", "--found",
                           env={"QUEENRIGHT_NODE_DATA": str(hosts.home / "a"),
                                "NOTIFY_SOCKET": f"{folder}/notify", "WATCHDOG_USEC": "200000"})
        heard = []

        def fed():
            try:
                heard.append(notices.recv(4096).decode())
            except TimeoutError:
                expect(node.poll() is None, "the node ended")
            return sum(notice.startswith("WATCHDOG=1") for notice in heard) >= 3

        until(fed, "the watchdog to be fed three times")
        expect(any(notice.startswith("READY=1") for notice in heard), heard)
        expect(any("STATUS=running; hears 0 of 0 other nodes" in notice for notice in heard), heard)
    node.terminate()
    expect(hosts.finish(node).code == 0, "its end")


@promise("a role that does not answer, or a disk that stalls, starves the watchdog and is named")
def starved(_):
    return unit_test("deploy/program", "a_disk_that_stalls_starves*", "one_role_that_does_not*")
