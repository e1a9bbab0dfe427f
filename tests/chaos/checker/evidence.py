"""A trial's history, put in order: operations, parties with their connections, and the rest."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .ledger import Entry, Event, Ledger

SECOND = 1_000_000_000
Record = dict[str, Any]


@dataclass
class Op:
    """Something that a party wanted done. ``outcome`` is ok, fail, or info (nobody knows)."""

    op: str
    act: str
    author: str
    custom_id: str | None
    hash: str
    invoked: int
    outcome: str = "info"
    settled: int = 0
    event: str | None = None


@dataclass
class Push:
    t: int
    stream: str
    seq: int | None
    action: str
    event: str | None
    hash: str | None
    request: str | None
    seen: list[str] | None = None


@dataclass
class Connection:
    """``starts``: the number, per stream, after which it is to be told everything."""

    conn: str
    opened: int
    resumed: bool
    starts: dict[str, int]
    closed: int = 1 << 62
    code: int = 0
    by: str = "done"
    pushes: list[Push] = field(default_factory=list)


@dataclass
class Party:
    party: str
    role: str
    author: str
    groups: frozenset[int] = frozenset()
    plain: bool = False
    connections: list[Connection] = field(default_factory=list)

    @property
    def pushes(self) -> list[Push]:
        return [push for connection in self.connections for push in connection.pushes]


@dataclass
class Limits:
    """What this trial had to keep to; seconds."""

    organization: int = 0
    bound: float = 5.0
    after_outage: float = 10.0
    closes: frozenset[int] = frozenset({1000, 1001, 1012})
    tracebacks: tuple[str, ...] = ()
    answers: dict[str, float] = field(default_factory=dict)
    all_answered: bool = False
    quantiles: list[tuple[float, float]] = field(default_factory=list)


@dataclass
class Evidence:
    ledger: Ledger = field(default_factory=Ledger)
    limits: Limits = field(default_factory=Limits)
    ops: dict[str, Op] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    outages: list[tuple[int, int]] = field(default_factory=list)
    records: dict[str, list[Record]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Record]:
        return self.records.get(kind, [])

    def entry_numbers(self, role: str) -> dict[tuple[str, str], int]:
        """The number of each event, by (stream, event), as this role counts."""
        numbers = {}
        for entry in self.ledger.entries:
            number = number_of(entry, role)
            if entry.event and number is not None:
                numbers[entry.stream, entry.event] = number
        return numbers

    def concerns(self, party: Party, stream: str, public: bool) -> bool:
        if party.role == "customer":
            return stream == party.author and public
        return self.ledger.groups.get(stream, -1) in party.groups


def number_of(entry: Entry, role: str) -> int | None:
    return entry.public_seq if role == "customer" else entry.seq


def read_evidence(history: Path, ledger: Ledger | None = None) -> Evidence:
    evidence = Evidence(ledger or Ledger())
    connections: dict[str, Connection] = {}
    for line in history.read_text().splitlines():
        _add(evidence, json.loads(line), connections)
    _find_outages(evidence)
    return evidence


def _add(evidence: Evidence, record: Record, connections: dict[str, Connection]) -> None:
    kind = record["kind"]
    if kind == "run":
        names = Limits.__dataclass_fields__
        limits = {key: value for key, value in record.items() if key in names}
        limits["closes"] = frozenset(limits["closes"])
        evidence.limits = Limits(**limits)
    elif kind == "party":
        author = record.get("customer") or record["author"]
        groups = frozenset(record.get("groups", ()))
        plain = record.get("plain", False)
        evidence.parties[record["party"]] = Party(
            record["party"], record["role"], author, groups, plain
        )
    elif kind in _STEPS:
        _STEPS[kind](evidence, record, connections)
    else:
        evidence.records.setdefault(kind, []).append(record)


def _invoke(evidence: Evidence, record: Record, _: dict[str, Connection]) -> None:
    if record["op"] in evidence.ops:  # said twice at once: the first time is when it began
        return
    names = ("op", "act", "author", "custom_id", "hash")
    evidence.ops[record["op"]] = Op(*(record[name] for name in names), invoked=record["t"])


def _outcome(evidence: Evidence, record: Record, _: dict[str, Connection]) -> None:
    op = evidence.ops[record["op"]]
    if op.outcome == "ok":  # the first answer counts; another one must not differ
        if record["kind"] != "ok" or record.get("event") != op.event:
            evidence.records.setdefault("contradiction", []).append(record)
        return
    op.outcome, op.settled = record["kind"], record["t"]
    op.event = record.get("event") if record["kind"] == "ok" else None


def _conn(evidence: Evidence, record: Record, connections: dict[str, Connection]) -> None:
    one = Connection(record["conn"], record["t"], record["resumed"], record["starts"])
    connections[record["conn"]] = one
    evidence.parties[record["party"]].connections.append(one)


def _recv(evidence: Evidence, record: Record, connections: dict[str, Connection]) -> None:
    names = ("t", "stream", "seq", "action", "event", "hash", "request")
    push = Push(*(record[name] for name in names), seen=record.get("seen"))
    if record["conn"] in connections:
        connections[record["conn"]].pushes.append(push)
    else:
        evidence.records.setdefault("early", []).append(record)


def _close(evidence: Evidence, record: Record, connections: dict[str, Connection]) -> None:
    if found := connections.get(record["conn"]):
        found.closed, found.code, found.by = record["t"], record["code"], record["by"]


_STEPS = {
    "invoke": _invoke,
    "ok": _outcome,
    "fail": _outcome,
    "info": _outcome,
    "conn": _conn,
    "recv": _recv,
    "close": _close,
}


def _find_outages(evidence: Evidence) -> None:
    began: dict[str, int] = {}
    for record in evidence.of("outage"):
        if record["phase"] == "start":
            began[record["name"]] = record["t"]
        else:
            evidence.outages.append((began.pop(record["name"]), record["t"]))
    evidence.outages += [(start, 1 << 62) for start in began.values()]
    evidence.outages.sort()


def by_text(ledger: Ledger, digest: Any) -> dict[tuple[str, str], list[Event]]:
    """Events by author and the hash of their text, which is how operations know them."""
    found: dict[tuple[str, str], list[Event]] = {}
    for event in ledger.events:
        if event.author:
            found.setdefault((event.author, digest(event.text)), []).append(event)
    return found
