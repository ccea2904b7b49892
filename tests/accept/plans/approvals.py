"""Steps that a person has to agree to."""

import time

from hive import step, until
from verdict import expect, promise


def asking(hive, **policy):
    """A plan whose second step waits for consent."""
    log = f"{hive.home}/log"
    return hive.plan([
        {"id": "pack", "exec": ["echo", "1.0"],
         "rollback": {"exec": ["sh", "-c", f"echo unpacked >> {log}"]}},
        {"id": "publish", "needs": ["pack"], "approval": policy,
         "exec": ["sh", "-c", f'echo "$V" >> {log}'], "env": {"V": "${{ steps.pack.output }}"}},
    ])


def log(hive):
    path = hive.home / "log"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


@promise("a run that waits for consent ends the process with 8 and says the command to go on with")
def asks(hive):
    ended = hive.expect("run", asking(hive, by=["ops"], reason="writes to the share"), code=8)
    expect("runs approve plan-1 --step publish" in ended.err, ended)
    expect("runs reject plan-1 --step publish" in ended.err, ended)
    expect("writes to the share" in ended.err, ended)
    expect(log(hive) == [], "it was published without consent")


@promise("approve: recorded with who and when, and the run goes on to its end")
def approve(hive):
    hive.expect("run", asking(hive, by=["ops"]), code=8)
    hive.expect("runs", "approve", "plan-1", "--as", "ops", "--reason", "looks well")
    told = step(hive.report("plan-1"), "publish")["approval"]
    expect((told["status"], told["approver"], told["comment"]) == ("approved", "ops", "looks well"),
           told)
    expect(told["decided"] > told["asked"], told)
    expect(log(hive) == ["1.0"], log(hive))
    hive.replays_identical()


@promise("reject: the step has failed with the reason, and what was done is undone")
def reject(hive):
    hive.expect("run", asking(hive), code=8)
    hive.expect("runs", "reject", "plan-1", "--as", "anna", "--reason", "not on a Friday", code=1)
    report = hive.report("plan-1")
    expect("rejected by anna: not on a Friday" in report["reason"], report["reason"])
    expect(log(hive) == ["unpacked"], log(hive))


@promise("approving in another's place, something else than was seen, or nothing at all is refused")
def refused(hive):
    hive.expect("run", asking(hive, by=["ops"]), code=8)
    hive.expect("runs", "approve", "plan-1", "--as", "eve", code=2, says="'eve' may not decide")
    hive.expect("runs", "approve", "plan-1", "--as", "ops", "--hash", "sha256:0", code=2,
                says="is not what was seen")
    hive.expect("runs", "approve", "plan-1", "--step", "pack", code=2, says="waits for no approval")
    hive.expect("runs", "approve", "plan-1", "--step", "pcak", code=2, says="no step 'pcak'")
    seen = step(hive.report("plan-1"), "publish")["approval"]["hash"]
    hive.expect("runs", "approve", "plan-1", "--as", "ops", "--hash", seen)
    hive.expect("runs", "approve", "plan-1", "--as", "ops", code=3, says="over")


@promise("an approval expires: to agree later is refused, to reject is not")
def expires(hive):
    hive.expect("run", asking(hive, expires="3s"), code=8)
    over = time.time() + 3.1
    until(lambda: time.time() > over, "the time to be over")
    hive.expect("runs", "approve", "plan-1", code=2, says="the time to approve step 'publish' is over")
    hive.expect("runs", "reject", "plan-1", "--reason", "too late", code=1)
    expect(log(hive) == ["unpacked"], log(hive))


@promise("what needs no consent goes on meanwhile; a step may be nothing but an approval")
def meanwhile(hive):
    plan = hive.plan([{"id": "ask", "approval": {}}, {"id": "after", "needs": ["ask"], "noop": {}},
                      {"id": "apart", "exec": ["touch", f"{hive.home}/apart"]}])
    hive.expect("run", plan, code=8)
    expect((hive.home / "apart").exists(), "it waited, too")
    hive.expect("runs", "approve", "plan-1")
    expect(hive.runs()[0]["status"] == "succeeded", hive.runs())
