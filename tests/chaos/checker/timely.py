"""I5: whoever was connected long enough has it in time."""

from ..history import digest
from ..report import quantile
from . import order
from .evidence import SECOND, Connection, Evidence, Party, by_text, number_of
from .ledger import Entry

NEVER = "never came"


def i5_every_member_has_it_in_time(evidence: Evidence) -> list[str]:
    known = _commit_times(evidence)
    wrong = []
    for party in evidence.parties.values():
        arrivals = _arrivals(party)
        for entry in evidence.ledger.entries:
            number = number_of(entry, party.role)
            committed = known.get((entry.stream, entry.seq))
            if number is None or committed is None:
                continue
            if not evidence.concerns(party, entry.stream, entry.public_seq is not None):
                continue
            deadline = _deadline(evidence, party, entry.stream, number, committed)
            arrived = arrivals.get((entry.stream, number))
            if deadline is not None and (arrived is None or arrived > deadline):
                wrong.append(_describe(party, entry, committed, arrived))
    return wrong + _too_slow(evidence)


def _too_slow(evidence: Evidence) -> list[str]:
    taken = order.latencies(evidence) if evidence.limits.quantiles else []
    return [
        f"{quantile(taken, share):.3f} s is what {share:.0%} of all deliveries took at most"
        for share, seconds in evidence.limits.quantiles
        if quantile(taken, share) > seconds
    ]


def _commit_times(evidence: Evidence) -> dict[tuple[str, int], int]:
    """By (stream, seq): no later than the answer, no later than the first sight by anybody."""
    entries = {(entry.stream, entry.seq): entry for entry in evidence.ledger.entries}
    by_number = {
        ("customer", entry.stream, entry.public_seq): key for key, entry in entries.items()
    } | {("agent", entry.stream, entry.seq): key for key, entry in entries.items()}
    times: dict[tuple[str, int], int] = {}
    for party in evidence.parties.values():
        for push in party.pushes:
            key = by_number.get((party.role, push.stream, push.seq))
            if key:
                times[key] = min(times.get(key, push.t), push.t)
    stored = by_text(evidence.ledger, digest)
    numbers = evidence.entry_numbers("agent")
    for op in evidence.ops.values():
        for event in stored.get((op.author, op.hash), ()) if op.outcome == "ok" else ():
            number = numbers.get((event.stream, event.id))
            if number is not None:
                key = (event.stream, number)
                times[key] = min(times.get(key, op.settled), op.settled)
    return times


def _arrivals(party: Party) -> dict[tuple[str, int], int]:
    arrivals: dict[tuple[str, int], int] = {}
    for push in party.pushes:
        if push.seq is not None:
            arrivals.setdefault((push.stream, push.seq), push.t)
    return arrivals


def _deadline(
    evidence: Evidence, party: Party, stream: str, number: int, committed: int
) -> int | None:
    """When the party must have it; None if no connection of it lived that long."""
    for connection in party.connections:
        if connection.closed < committed:
            continue
        if number <= _start(party, connection, stream):
            return None
        deadline = _stretch(evidence, max(committed, connection.opened))
        if connection.closed > deadline:
            return deadline
    return None


def _start(party: Party, connection: Connection, stream: str) -> int:
    """An agent is told everything of a chat that is new to the console."""
    return connection.starts.get(stream, 0)


def _stretch(evidence: Evidence, moment: int) -> int:
    """The bound counts from the end of an outage that came in between."""
    deadline = moment + int(evidence.limits.bound * SECOND)
    for start, end in evidence.outages:
        if start <= deadline and end >= moment:
            deadline = max(deadline, end + int(evidence.limits.after_outage * SECOND))
    return deadline


def _describe(party: Party, entry: Entry, committed: int, arrived: int | None) -> str:
    late = NEVER if arrived is None else f"came after {(arrived - committed) / SECOND:.1f} s"
    return f"{party.party}: {entry.stream} {entry.seq} {entry.action} {late}"
