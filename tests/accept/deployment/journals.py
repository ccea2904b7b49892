"""Journals that are another's, or of the past; and processes that say they are one node."""

import json
import shutil

from verdict import expect, promise

from deployment.page import a_run, votes


def tail_of(hosts, data):
    return json.loads(hosts.expect("journal", "stat", data, "-o", "json").out)


@promise("another node's journal, another hive's and an embedded hive's are refused with exit code 2, and left alone")
def not_its_own(hosts):
    hosts.found()
    hosts.type("for name in a b; do ssh root@$name systemctl stop queenright-node@$name; done")
    shutil.move(hosts.journal("a"), hosts.home / "a")
    shutil.copytree(hosts.journal("b"), hosts.journal("a"))
    before = tail_of(hosts, hosts.journal("a"))
    said = hosts.node("a", code=2)
    expect("is the journal of node 2 of hive north" in said and "this is node 1 of hive north" in said,
           said)
    expect(tail_of(hosts, hosts.journal("a")) == before, "something was written")
    hosts.expect("run", hosts.plan([]), "--data", hosts.home / "a", code=2)
    hosts.expect("runs", "resume", "--all", "--data", hosts.home / "a", code=2,
                 says="is the journal of node 1 of hive north")
    hosts.run(hosts.plan([{"id": "x", "noop": {}}]))
    shutil.rmtree(hosts.journal("a"))
    shutil.copytree(hosts.data, hosts.journal("a"))
    said = hosts.node("a", code=2)
    expect("is the journal of no node of a hive of several" in said, said)


@promise("an old copy of a queen's journal: she is told so, ends with exit code 6, starts no more with it, and comes back empty")
def old_copy(hosts):
    hosts.found()
    hosts.type("""
        ssh root@b systemctl stop queenright-node@b
        ssh root@b cp -a /var/lib/queenright/b /var/lib/queenright/b.copy
        ssh root@b systemctl start queenright-node@b""")
    a_run(hosts, "since")
    hosts.type("""
        ssh root@b systemctl stop queenright-node@b
        ssh root@b rm -r /var/lib/queenright/b
        ssh root@b mv /var/lib/queenright/b.copy /var/lib/queenright/b""")
    said = hosts.node("b", code=6)
    expect("this is start 2 of node 2; another process was heard as its start 2" in said, said)
    expect("counts no more" in hosts.node("b", code=2), "a second start")
    a_run(hosts, "meanwhile")
    hosts.follow("## A disk is lost, or its journal is damaged")
    votes(hosts, "b")


@promise("an old copy is known by who has started again since, too")
def old_copy_after_restarts(hosts):
    hosts.found()
    hosts.type("""
        ssh root@b systemctl stop queenright-node@b
        ssh root@b cp -a /var/lib/queenright/b /var/lib/queenright/b.copy
        for times in 1 2; do
          ssh root@b systemctl start queenright-node@b
          ssh root@b systemctl stop queenright-node@b
        done
        for name in a c; do
          ssh root@$name systemctl stop queenright-node@$name
          ssh root@$name systemctl start queenright-node@$name
        done
        ssh root@b rm -r /var/lib/queenright/b
        ssh root@b mv /var/lib/queenright/b.copy /var/lib/queenright/b""")
    said = hosts.node("b", code=6)
    expect("knows start 3 of node 2, and this is only start 2" in said, said)
    expect("counts no more" in hosts.node("b", code=2), "a second start")


@promise("two nodes are configured with one id: one ends with exit code 6 and names the other; the hive goes on")
def twins(hosts):
    hosts.found()
    twin = hosts.home / "twin"
    shutil.copytree(hosts.path("b", "/etc/queenright"), twin)
    text = (twin / "b.yaml").read_text(encoding="utf-8")
    (twin / "b.yaml").write_text(text + f'listen: "tcp://{hosts.network}9:7401"\n'
                                 f'listen_clients: "tcp://{hosts.network}9:7402"\n',
                                 encoding="utf-8")
    hosts.type("ssh root@b systemctl stop queenright-node@b")
    first = hosts.start("node", "--config", hosts.path("b", "/etc/queenright/b.yaml"),
                        env={"QUEENRIGHT_NODE_DATA": str(hosts.journal("b"))})
    votes(hosts, "b")
    second = hosts.start("node", "--config", twin / "b.yaml",
                         env={"QUEENRIGHT_NODE_DATA": str(hosts.home / "twin-data")})
    ended = hosts.finish(first)
    expect(ended.code == 6 and "this is only start 2" in ended.err or
           "this is start 2 of node 2; another process" in ended.err, ended)
    expect("another process has this node's key" in ended.err, ended)
    expect("counts no more" in hosts.node("b", code=2), "the first, again")
    expect(second.poll() is None, "the second")
    a_run(hosts, "on")
