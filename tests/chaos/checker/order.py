"""Order: I4 (each recipient, without a gap), I6 (the final read), I8 (real time)."""

from collections.abc import Iterator

from ..history import digest
from .evidence import SECOND, Connection, Evidence, Party, by_text


def i4_each_recipient_gets_rising_numbers_without_a_gap(evidence: Evidence) -> list[str]:
    openings = {
        (entry.stream, entry.seq)
        for entry in evidence.ledger.entries
        if entry.action == "incoming_chat"
    }
    wrong = []
    for party in evidence.parties.values():
        for connection in party.connections:
            for stream, numbers in _numbers(connection).items():
                start = connection.starts.get(stream)
                if start is None and (stream, numbers[0]) in openings:
                    start = numbers[0] - 1
                wrong += [f"{connection.conn} {stream}: {what}" for what in _gaps(start, numbers)]
    return wrong + [f"{one['party']}: a push before the login" for one in evidence.of("early")]


def _numbers(connection: Connection) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for push in connection.pushes:
        if push.seq is not None:
            numbers.setdefault(push.stream, []).append(push.seq)
    return numbers


def _gaps(start: int | None, numbers: list[int]) -> Iterator[str]:
    if start is None:
        yield f"began with {numbers[0]}, which opens no chat"
        start = numbers[0] - 1
    for number in numbers:
        if number <= start:
            yield f"{number} came again after {start}"
        elif number != start + 1:
            yield f"{start + 1} to {number - 1} are missing before {number}"
        start = max(start, number)


def i6_the_final_read_is_what_is_stored(evidence: Evidence) -> list[str]:
    wrong = []
    for final in evidence.of("final"):
        party, stream = evidence.parties[final["party"]], final["stream"]
        if party.role == "agent":
            want = [
                [entry.seq, entry.event]
                for entry in evidence.ledger.entries
                if entry.stream == stream
            ]
            wrong += _differ(final["party"], stream, want, final["entries"])
        else:
            want = _visible(evidence, stream)
            wrong += _differ(final["party"], stream, want, final["events"])
            wrong += _disordered(evidence, party, stream, final["events"])
    return wrong


def _visible(evidence: Evidence, stream: str) -> list[str]:
    return [event.id for event in evidence.ledger.events if event.stream == stream and event.public]


def _differ(party: str, stream: str, want: list[object], got: list[object]) -> list[str]:
    if want == got:
        return []
    place = next((i for i, (a, b) in enumerate(zip(want, got, strict=False)) if a != b), -1)
    return [f"{party} {stream}: read {len(got)} of {len(want)}, first other at {place}"]


def _disordered(evidence: Evidence, party: Party, stream: str, read: list[str]) -> list[str]:
    """History is shown by time; it must be the order of the numbers."""
    numbers = evidence.entry_numbers(party.role)
    order = [numbers[stream, event] for event in read if (stream, event) in numbers]
    if order == sorted(order):
        return []
    return [f"{party.party} {stream}: the order of times is not that of the numbers"]


def i8_what_was_answered_first_comes_first(evidence: Evidence) -> list[str]:
    numbers = evidence.entry_numbers("agent")
    stored = by_text(evidence.ledger, digest)
    placed = [
        (event.stream, numbers[event.stream, event.id], op)
        for op in evidence.ops.values()
        if op.outcome == "ok"
        for event in stored.get((op.author, op.hash), [])[:1]
        if (event.stream, event.id) in numbers
    ]
    wrong, latest = [], {}
    for stream, number, op in sorted(placed, key=lambda one: one[:2]):
        before = latest.get(stream)
        if before and op.settled < before.invoked:
            wrong.append(f"{op.op} ({number}) was answered before {before.op} was sent")
        if before is None or op.invoked > before.invoked:
            latest[stream] = op
    return wrong


def doubled(evidence: Evidence) -> int:
    """Pushes that a connection had already got."""
    count = 0
    for party in evidence.parties.values():
        for connection in party.connections:
            seen = [(push.stream, push.seq) for push in connection.pushes if push.seq is not None]
            count += len(seen) - len(set(seen))
    return count


def latencies(evidence: Evidence) -> list[float]:
    """Seconds from sending to the first sight by each other party that was connected, sorted."""
    ops = {(op.author, op.hash): op for op in evidence.ops.values()}
    events = {
        event.id: ops.get((event.author, digest(event.text))) for event in evidence.ledger.events
    }
    found = []
    for party in evidence.parties.values():
        seen: set[str] = set()
        for connection in party.connections:
            for push in connection.pushes:
                op = events.get(push.event or "")
                if push.seq is None or push.event in seen or not op or op.author == party.author:
                    continue
                seen.add(push.event or "")
                if connection.opened < op.invoked:
                    found.append((push.t - op.invoked) / SECOND)
    return sorted(found)
