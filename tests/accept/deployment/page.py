"""What docs/operate.md says is done, and helps."""

import json
import shutil

from hive import shell, until
from verdict import expect, promise


def told(hosts, *arguments):
    return json.loads(hosts.type("queenright " + " ".join(map(str, arguments))).out)


def a_run(hosts, name):
    """A plan of one step runs, and succeeds."""
    plan = hosts.plan([shell("hello", "echo hello")], name=name)
    return told(hosts, "run", plan)["run"]


def runs(hosts):
    return [run["run"] for run in told(hosts, "runs list")]


def all_heard(hosts):
    until(lambda: all(node["heard"] for node in told(hosts, "nodes list")), "all nodes to be heard")


@promise("the guide's commands make a hive of four hosts out of nothing, and a plan runs on it")
def from_nothing(hosts):
    hosts.found()
    names = [node["name"] for node in told(hosts, "nodes list")]
    expect(names == ["a", "b", "c", "w1"], names)
    expect(runs(hosts) == ["census-1"], runs(hosts))
    for name in names:
        expect(not hosts.path(name, f"/run/queenright/{name}.first-start").exists(), name)


@promise("upgrade one by one: a run goes on meanwhile, and no step runs twice")
def upgrade(hosts):
    hosts.found()
    done = hosts.home / "done"
    gate = hosts.gate()
    steps = [shell(f"s{i}", f"echo s{i} >> {done}" + (f"; {gate.wait}" if i == 2 else ""),
                   **({"needs": [f"s{i - 1}"]} if i else {})) for i in range(6)]
    running = hosts.start("run", hosts.plan(steps), "--hive", hosts.desk / "north", "-o", "json")
    until(lambda: done.exists() and "s2" in done.read_text(encoding="utf-8"), "half of it")
    before = {name: hosts.process(name) for name in ("a", "b", "c")}
    gate.open()
    hosts.follow("## Upgrading, one node after the other")
    ended = hosts.finish(running)
    expect(ended.code == 0, ended)
    said = done.read_text(encoding="utf-8").split()
    expect(said == [f"s{i}" for i in range(6)], said)
    expect(all(hosts.process(name) != before[name] for name in before), "none was started again")
    standings = [node.get("draining") for node in told(hosts, "nodes list")]
    expect(not any(standings), standings)


@promise("back-up: a queen's copy verifies, tells its runs and replays identical; the hive goes on")
def back_up(hosts):
    hosts.found()
    hosts.follow("## Back-up")
    copy = hosts.path("b", "/var/lib/queenright/b.copy")
    hosts.expect("replay", copy, "-o", "human", says=", identical")
    report = json.loads(hosts.expect("runs", "report", "census-1", "--data", copy, "-o", "json").out)
    expect(report["status"] == "succeeded", report)
    a_run(hosts, "after")


@promise("a lost host is replaced by an empty one: it is taken in, and counts when another one dies")
def lost_host(hosts):
    hosts.found()
    hosts.lose("c")
    without = a_run(hosts, "without")
    hosts.follow("## A host is lost")
    votes(hosts, "c")
    hosts.kill("a")
    last = a_run(hosts, "with")
    expect({"census-1", without, last} == set(runs(hosts)), runs(hosts))


@promise("a damaged journal is refused with exit code 6; moved away, the queen comes back empty")
def lost_disk(hosts):
    hosts.found()
    hosts.kill("b")
    log = max(hosts.journal("b").glob("journal/rocksdb/*.log"))
    data = bytearray(log.read_bytes())
    for at in range(100, min(len(data), 20_000)):
        data[at] ^= 0xFF
    log.write_bytes(data)
    tail = hosts.journal("b") / "journal/tail"
    tail.write_bytes(b"\0" * tail.stat().st_size)
    before = hosts.says("b")
    hosts.node("b", code=6)
    hosts.follow("## A disk is lost, or its journal is damaged")
    votes(hosts, "b")
    expect(before == hosts.says("b")[:len(before)], "its log")
    hosts.kill("a")
    a_run(hosts, "with")


def votes(hosts, name):
    """She tells, through a client who asks her, that she votes."""
    nodes = {node["name"]: node["id"] for node in told(hosts, "nodes list")}
    address = f"tcp://{hosts.network}{nodes[name]}:7402"

    def she_does():
        ended = hosts.do("circuits", "explain", 0, "--hive", address, "--keys",
                         hosts.desk / "north/operator.client.yaml", "-o", "human")
        return f"as queen {nodes[name]}" in ended.out and "does not vote" not in ended.out

    until(she_does, f"the vote of {name}")


@promise("a majority is lost for good: nothing new is taken until the survivor is named; then all it had is there")
def lost_majority(hosts):
    hosts.found()
    kept = a_run(hosts, "kept")
    old = hosts.home / "old-a"
    hosts.kill("a")
    shutil.copytree(hosts.journal("a"), old)
    for name in ("a", "b"):
        hosts.lose(name)
    refused = hosts.do("run", hosts.plan([shell("x", "true")], name="refused"), "--hive",
                       hosts.desk / "north")
    expect(refused.code == 6, refused)
    for name in ("a", "b"):
        new_machine(hosts, name)
    hosts.follow("## A majority is lost for good")
    expect(kept in runs(hosts) and "census-1" in runs(hosts), runs(hosts))
    for name in ("a", "b", "c"):
        votes(hosts, name)
    after = a_run(hosts, "after")
    hosts.kill("c")
    a_run(hosts, "without-the-survivor")
    expect({"census-1", kept, after} <= set(runs(hosts)), runs(hosts))
    the_old_one_is_refused(hosts, old)
    hosts.expect("replay", hosts.journal("a"), "-o", "human", says=", identical")


def new_machine(hosts, name):
    hosts.type(f"""
        ssh root@{name} mkdir -p /etc/queenright
        scp build/release/queenright root@{name}:/usr/bin/queenright
        scp deploy/systemd/queenright-node@.service root@{name}:/etc/systemd/system/
        scp -p north/{name}.yaml north/{name}.key root@{name}:/etc/queenright/""")


def the_old_one_is_refused(hosts, old):
    """A lost queen turns up with the journal that she had."""
    hosts.kill("a")
    shutil.move(hosts.journal("a"), hosts.home / "new-a")
    shutil.move(old, hosts.journal("a"))
    said = hosts.node("a", code=2)
    expect("is the journal of node 1 of hive north" in said and "operate.md" in said, said)
    said = hosts.node("a", "--survivors", "c", code=2)
    expect("is the journal of node 1" in said or "does not name a" in said, said)
    shutil.rmtree(hosts.journal("a"))
    shutil.move(hosts.home / "new-a", hosts.journal("a"))
    hosts.type("ssh root@a systemctl start queenright-node@a")


@promise("survivors who would be a majority, or are no queens, are refused with exit code 2")
def no_survivors(hosts):
    hosts.found()
    hosts.type("for name in a w1; do ssh root@$name systemctl stop queenright-node@$name; done")
    expect("they are a majority" in hosts.node("a", "--survivors", "a,b", code=2), "a, b")
    expect("no queen of that name" in hosts.node("a", "--survivors", "w1", code=2), "w1")
    expect("is for queens" in hosts.node("w1", "--survivors", "a", code=2), "on w1")
    hosts.type("for name in a w1; do ssh root@$name systemctl start queenright-node@$name; done")
    a_run(hosts, "unharmed")
