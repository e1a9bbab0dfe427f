"""Who sees what, and for how long: I7, I12, I13."""

from .evidence import SECOND, Evidence

EPHEMERAL_SECONDS = 10


def i7_nobody_gets_what_is_not_theirs(evidence: Evidence) -> list[str]:
    private = {event.id for event in evidence.ledger.events if not event.public}
    wrong = []
    for party in evidence.parties.values():
        for push in party.pushes:
            public = push.event not in private
            if not evidence.concerns(party, push.stream, public):
                wrong.append(f"{party.party} was pushed {push.action} of {push.stream}")
    for record in evidence.of("ephemeral"):
        if not evidence.concerns(evidence.parties[record["party"]], record["stream"], False):
            wrong.append(f"{record['party']} saw typing in {record['stream']}")
    return wrong


def i12_what_is_ephemeral_lapses(evidence: Evidence) -> list[str]:
    """What somebody typed is not shown to anybody long after."""
    typed = {record["nonce"]: record["t"] for record in evidence.of("peek")}
    return [
        f"{record['party']} was shown after {(record['t'] - typed[record['nonce']]) / SECOND:.1f} s"
        f" what was typed: {record['nonce']}"
        for record in evidence.of("ephemeral")
        if record["t"] - typed[record["nonce"]] > EPHEMERAL_SECONDS * SECOND
    ]


def i13_seen_marks_are_those_of_the_log_and_never_move_back(evidence: Evidence) -> list[str]:
    marks: dict[tuple[str, str], str] = {}
    wrong = []
    for entry in evidence.ledger.entries:
        if entry.action != "events_marked_as_seen":
            continue
        key, moment = (entry.stream, entry.payload["user_id"]), entry.payload["seen_up_to"]
        if moment <= marks.get(key, ""):
            wrong.append(f"{key} moved from {marks[key]} to {moment} at {entry.seq}")
        marks[key] = max(moment, marks.get(key, ""))
    for event in evidence.ledger.events:
        key = (event.stream, event.author)
        marks[key] = max(event.created_at, marks.get(key, ""))
    wrong += [
        f"{key} is stored as {stored}, the log says {marks[key]}"
        for key, stored in evidence.ledger.seen.items()
        if key in marks and stored != marks[key]
    ]
    return wrong
