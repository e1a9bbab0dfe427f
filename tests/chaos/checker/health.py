"""How servers and sockets came through it: I10, I11, I14, I15, I16."""

import re
from collections.abc import Iterator
from pathlib import Path

from .evidence import SECOND, Evidence, Record

TRACEBACK = "Traceback (most recent call last)"
LED_TO_ANOTHER = ("During handling of the above", "The above exception was the direct cause")
# What a pool of connections may grow by while it is used.
SPARE_FILES = 40
SPARE_TASKS = 8
CLEAR_SECONDS = 30.0


def i10_sockets_close_with_an_allowed_code(evidence: Evidence) -> list[str]:
    return [
        f"{connection.conn} closed with {connection.code}"
        for party in evidence.parties.values()
        for connection in party.connections
        if connection.by == "server" and connection.code not in evidence.limits.closes
    ]


def i11_everything_is_given_back(evidence: Evidence) -> list[str]:
    before = {record["of"]: record for record in evidence.of("gauge") if record["at"] == "start"}
    after = [record for record in evidence.of("gauge") if record["at"] == "end"]
    spare = {"files": SPARE_FILES, "tasks": SPARE_TASKS, "feeds": 0, "keys": 4}
    wrong = []
    for record in after:
        start = before.get(record["of"], {})
        for name, more in spare.items():
            if name in record and record[name] > start.get(name, 0) + more:
                wrong.append(f"{record['of']}: {name} {start.get(name)} -> {record[name]}")
        for name in ("idle_in_transaction", "not_granted"):
            if record.get(name):
                wrong.append(f"{record['of']}: {record[name]} sessions {name}")
    return wrong


def i14_no_worker_had_an_unhandled_exception(evidence: Evidence) -> list[str]:
    allowed = [re.compile(pattern) for pattern in evidence.limits.tracebacks]
    return [
        f"worker {record['worker']}: {what}"
        for record in evidence.of("log")
        for what in read_tracebacks(_segment(record))
        if not any(pattern.search(what) for pattern in allowed)
    ]


def _segment(record: Record) -> str:
    with Path(record["path"]).open("rb") as log:
        log.seek(record["start"])
        return log.read(record["end"] - record["start"]).decode(errors="replace")


def read_tracebacks(log: str) -> Iterator[str]:
    """The last line of each: what was raised in the end, not what led to it."""
    inside, raised = False, ""
    for line in log.splitlines():
        if TRACEBACK in line:
            inside = True
        elif inside and line and not line.startswith((" ", "\t")):
            inside, raised = False, line[:200]
        elif not inside and line.startswith(LED_TO_ANOTHER):
            raised = ""
        elif not inside and line and raised:
            yield raised
            raised = ""
    if raised:
        yield raised


def i15_requests_are_answered_in_time_and_sensibly(evidence: Evidence) -> list[str]:
    tries = {record["request"]: record for record in evidence.of("try")}
    wrong = []
    for record in evidence.of("answer"):
        asked = tries[record["request"]]
        seconds = (record["t"] - asked["t"]) / SECOND
        limit = _limit(evidence, asked)
        if limit is not None and seconds > limit:
            wrong.append(f"{record['request']} {record['action']} answered after {seconds:.1f} s")
        if record["error"] == "internal" or (record["error"] or "").startswith("http 5"):
            wrong.append(f"{record['request']} {record['action']} answered {record['error']}")
    if evidence.limits.all_answered:
        wrong += [
            f"{one['request']} {one['action']} hangs"
            for one in evidence.of("unanswered")
            if not _queues(tries[one["request"]])
        ]
    return wrong


def _limit(evidence: Evidence, asked: Record) -> float | None:
    return None if _queues(asked) else evidence.limits.answers.get(asked["action"])


def _queues(asked: Record) -> bool:
    """A ping says something of the server where nothing of the same connection is before it."""
    return asked["action"] == "ping" and "listens" not in asked["party"]


def i16_everybody_is_back_when_the_fault_is_over(evidence: Evidence) -> list[str]:
    wrong = []
    ends = [end for _, end in evidence.outages] + [one["t"] for one in evidence.of("calm")]
    cleared = max(ends, default=0)
    for party in evidence.parties.values():
        last = party.connections[-1] if party.connections else None
        if last is None or last.by != "done":
            wrong.append(f"{party.party} is not connected at the end")
        elif party.connections[0].opened < cleared < last.opened - CLEAR_SECONDS * SECOND:
            wrong.append(f"{party.party} took more than {CLEAR_SECONDS} s to come back")
    return wrong
