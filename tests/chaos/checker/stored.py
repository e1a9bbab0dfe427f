"""What was acknowledged is stored, and only that: I1, I2, I3, I9."""

from collections import Counter

from ..history import digest
from .evidence import Evidence, Op, by_text


def i1_what_was_acknowledged_is_stored(evidence: Evidence) -> list[str]:
    stored = by_text(evidence.ledger, digest)
    wrong = []
    for op in evidence.ops.values():
        if op.outcome != "ok":
            continue
        rows = stored.get((op.author, op.hash), [])
        if not rows:
            wrong.append(f"{op.op} was acknowledged and is not stored")
        elif op.event and op.event not in {row.id for row in rows}:
            wrong.append(f"{op.op} was acknowledged as {op.event}, stored as {rows[0].id}")
    return wrong


def i2_nothing_is_stored_that_nobody_sent_or_by_halves(evidence: Evidence) -> list[str]:
    asked = {(op.author, op.hash): op for op in evidence.ops.values()}
    referred = {entry.event for entry in evidence.ledger.entries if entry.event}
    wrong = [
        f"{entry.stream} {entry.seq}: incoming_event without its event"
        for entry in evidence.ledger.entries
        if entry.action == "incoming_event" and not entry.event
    ]
    for event in evidence.ledger.events:
        op = asked.get((event.author, digest(event.text)))
        if event.author and op is None:
            wrong.append(f"event {event.id} was sent by nobody: {event.text!r}")
        elif op and op.outcome == "fail":
            wrong.append(f"{op.op} was refused and is stored")
        if event.id not in referred and not (op and op.act in {"start_chat", "resume_chat"}):
            wrong.append(f"event {event.id} is stored without an entry: {event.text!r}")
    return wrong


def i3_a_custom_id_is_stored_once(evidence: Evidence) -> list[str]:
    ids = Counter(
        (event.stream, event.author, event.custom_id)
        for event in evidence.ledger.events
        if event.custom_id
    )
    wrong = [f"{key} is stored {count} times" for key, count in ids.items() if count > 1]
    stored = by_text(evidence.ledger, digest)
    for op in evidence.ops.values():
        count = len(stored.get((op.author, op.hash), ()))
        if op.custom_id and count > 1:
            wrong.append(f"{op.op} is stored {count} times")
    wrong += [
        f"{one['op']} was answered again, as {one['kind']} {one.get('event')}"
        for one in evidence.of("contradiction")
        if one["kind"] != "info"
    ]
    opened = Counter(
        op.author for op in evidence.ops.values() if op.act in {"start_chat", "resume_chat"}
    )
    wrong += [
        f"{stream} has {len(threads)} threads, asked for were {opened[stream]}"
        for stream, threads in evidence.ledger.threads.items()
        if len(threads) > opened[stream]
    ]
    return wrong


def i9_answers_pushes_and_rows_agree(evidence: Evidence) -> list[str]:
    texts = {event.id: digest(event.text) for event in evidence.ledger.events}
    wrong = []
    for party in evidence.parties.values():
        numbers = evidence.entry_numbers(party.role)
        for push in party.pushes:
            if push.event is None:
                continue
            if texts.get(push.event) != push.hash:
                wrong.append(f"{party.party} was pushed {push.event} with other bytes than stored")
            number = numbers.get((push.stream, push.event))
            if push.seq is not None and push.seq != number:
                wrong.append(f"{party.party}: {push.event} came as {push.seq}, is {number}")
    return wrong + _settled_by_another(evidence)


def _settled_by_another(evidence: Evidence) -> list[str]:
    """The push with a request's id is about the event of that request's answer."""
    answered = {record["request"]: record["event"] for record in evidence.of("answer")}
    return [
        f"{party.party}: {push.request} was answered {answered[push.request]}, settled {push.event}"
        for party in evidence.parties.values()
        for push in party.pushes
        if push.request and push.event and answered.get(push.request) not in {None, push.event}
    ]


def acknowledged(evidence: Evidence) -> list[Op]:
    return [op for op in evidence.ops.values() if op.outcome == "ok"]
