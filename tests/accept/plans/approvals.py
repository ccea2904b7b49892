"""Steps that a person has to agree to."""

import json
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
    expect("runs resume plan-1" in ended.err, ended)
    expect("writes to the share" in ended.err, ended)
    expect(log(hive) == [], "it was published without consent")


@promise("approve records who and when, and says the command to go on with: resume takes the run to its end")
def approve(hive):
    hive.expect("run", asking(hive, by=["ops"]), code=8)
    ended = hive.expect("runs", "approve", "plan-1", "--as", "ops", "--reason", "looks well")
    expect("queenright runs resume plan-1" in ended.err and log(hive) == [], ended)
    hive.expect("runs", "approve", "plan-1", "--as", "ops", code=2, says="is approved already, by ops")
    hive.expect("runs", "resume", "plan-1")
    told = step(hive.report("plan-1"), "publish")["approval"]
    expect((told["status"], told["approver"], told["comment"]) == ("approved", "ops", "looks well"),
           told)
    expect(told["decided"] > told["asked"], told)
    expect(log(hive) == ["1.0"], log(hive))
    hive.replays_identical()


@promise("reject: the step has failed with the reason, and what was done is undone")
def reject(hive):
    hive.expect("run", asking(hive), code=8)
    hive.expect("runs", "reject", "plan-1", "--as", "anna", "--reason", "not on a Friday")
    hive.expect("runs", "resume", "plan-1", code=1)
    report = hive.report("plan-1")
    expect("rejected by anna: not on a Friday" in report["reason"], report["reason"])
    expect(log(hive) == ["unpacked"], log(hive))


@promise("runs list says what the run's own report says, as soon as the process has ended")
def listed(hive):
    def agree(status):
        expect((hive.report("plan-1")["status"], hive.runs()[0]["status"]) == (status, status), hive.runs())

    hive.expect("run", asking(hive), code=8)
    agree("awaiting_operator")
    hive.expect("runs", "approve", "plan-1")
    agree("running")
    hive.expect("runs", "resume", "plan-1")
    agree("succeeded")


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
    hive.expect("runs", "resume", "plan-1")
    hive.expect("runs", "approve", "plan-1", "--as", "ops", code=2, says="over (succeeded)")


def expired(hive, **more):
    hive.expect("run", asking(hive, expires="3s", **more), code=8)
    over = time.time() + 3.1
    until(lambda: time.time() > over, "the time to be over")


@promise("an approval expires, also while no process runs the hive: to agree later is refused")
def expires(hive):
    expired(hive)
    hive.expect("runs", "approve", "plan-1", code=2, says="the time to approve step 'publish' is over")
    hive.expect("runs", "resume", "plan-1", code=1)
    expect(log(hive) == ["unpacked"], log(hive))


@promise("resume after the time to approve: the step has failed, and nobody is asked again")
def resumed_too_late(hive):
    expired(hive)
    ended = hive.expect("runs", "resume", "plan-1", code=1)
    expect("nobody has approved it in time" in hive.report("plan-1")["reason"], ended)
    expect(log(hive) == ["unpacked"], log(hive))


@promise("--dry-run of a decision: what it would do, or why it would be refused; nothing is done")
def previews(hive):
    hive.expect("run", asking(hive, by=["ops"]), code=8)
    would = hive.expect("runs", "approve", "plan-1", "--as", "ops", "--dry-run", "-o", "human")
    expect("publish: approved, by ops" in would.out, would)
    hive.expect("runs", "approve", "plan-1", "--as", "eve", "--dry-run", code=2,
                says="would be refused: 'eve' may not decide")
    would = hive.expect("runs", "cancel", "plan-1", "--dry-run", "-o", "json")
    expect(json.loads(would.out)["status"] == "rolling_back", would)
    expect(hive.runs()[0]["status"] == "awaiting_operator" and log(hive) == [], hive.runs())
    hive.expect("runs", "resume", "--all", "--dry-run", "-o", "name", says="plan-1")


@promise("retry --skip of a step that asks for consent is refused, and consent that is not selected is told")
def not_skipped(hive):
    hive.expect("run", asking(hive, by=["ops"]), code=8)
    hive.expect("runs", "reject", "plan-1", "--as", "ops", "--reason", "no")
    hive.expect("runs", "resume", "plan-1", code=1)
    hive.expect("runs", "retry", "plan-1", "--skip", "publish", code=2, says="nobody may skip it")
    plan = hive.plan([{"id": "gate", "approval": {"by": ["nobody"]}},
                      {"id": "go", "needs": ["gate"], "noop": {}, "tags": ["t"]}])
    hive.expect("run", plan, "--tags", "t", says="asks a person to agree and is not selected")


@promise("what needs no consent goes on meanwhile; a step may be nothing but an approval")
def meanwhile(hive):
    plan = hive.plan([{"id": "ask", "approval": {}}, {"id": "after", "needs": ["ask"], "noop": {}},
                      {"id": "apart", "exec": ["touch", f"{hive.home}/apart"]}])
    hive.expect("run", plan, code=8)
    expect((hive.home / "apart").exists(), "it waited, too")
    hive.expect("runs", "approve", "plan-1")
    hive.expect("runs", "resume", "plan-1")
    expect(hive.runs()[0]["status"] == "succeeded", hive.runs())
