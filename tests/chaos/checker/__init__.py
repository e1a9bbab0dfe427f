"""The independent checker: it reads histories and rows, and imports nothing of the product."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import health, members, order, stored, timely
from .evidence import Evidence, read_evidence
from .ledger import read_ledger
from .store import Store

Invariant = Callable[[Evidence], list[str]]
INVARIANTS: dict[str, Invariant] = {
    "I1": stored.i1_what_was_acknowledged_is_stored,
    "I2": stored.i2_nothing_is_stored_that_nobody_sent_or_by_halves,
    "I3": stored.i3_a_custom_id_is_stored_once,
    "I4": order.i4_each_recipient_gets_rising_numbers_without_a_gap,
    "I5": timely.i5_every_member_has_it_in_time,
    "I6": order.i6_the_final_read_is_what_is_stored,
    "I7": members.i7_nobody_gets_what_is_not_theirs,
    "I8": order.i8_what_was_answered_first_comes_first,
    "I9": stored.i9_answers_pushes_and_rows_agree,
    "I10": health.i10_sockets_close_with_an_allowed_code,
    "I11": health.i11_everything_is_given_back,
    "I12": members.i12_what_is_ephemeral_lapses,
    "I13": members.i13_seen_marks_are_those_of_the_log_and_never_move_back,
    "I14": health.i14_no_worker_had_an_unhandled_exception,
    "I15": health.i15_requests_are_answered_in_time_and_sensibly,
    "I16": health.i16_everybody_is_back_when_the_fault_is_over,
}
SENDS = {"send_event", "start_chat", "messages"}
DUPLICATES, MISORDERS = ("I3",), ("I6", "I8")
# Promises in seconds, which a machine without time for us breaks, too.
TIMING = {"I5", "I15"}


@dataclass
class Verdict:
    """``violations`` by invariant; the counts are what the last line of a run adds up.

    What came, but too late, is a violation and no loss.
    """

    violations: dict[str, list[str]] = field(default_factory=dict)
    sends: int = 0
    resends: int = 0
    losses: int = 0
    duplicates: int = 0
    misorders: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def green(self) -> bool:
        return not self.violations

    @property
    def late_only(self) -> bool:
        """Everything is there, and in order, but some of it took too long."""
        wrong = self.violations.keys()
        return bool(wrong) and wrong <= TIMING and not self.losses


def judge(evidence: Evidence) -> Verdict:
    found = {name: invariant(evidence) for name, invariant in INVARIANTS.items()}
    violations = {name: wrong for name, wrong in found.items() if wrong}
    gaps = violations.get("I4", [])
    return Verdict(
        violations=violations,
        sends=len(stored.acknowledged(evidence)),
        resends=sum(one["action"] in SENDS for one in evidence.of("try")) - len(evidence.ops),
        losses=len(violations.get("I1", ()))
        + sum(timely.NEVER in one for one in violations.get("I5", ()))
        + sum("missing" in gap for gap in gaps),
        duplicates=_count(violations, DUPLICATES) + order.doubled(evidence),
        misorders=_count(violations, MISORDERS),
        latencies=order.latencies(evidence),
    )


def check(history: Path, store: Store) -> Verdict:
    """Judge a finished trial."""
    evidence = read_evidence(history)
    evidence.ledger = read_ledger(store, evidence.limits.organization)
    return judge(evidence)


def _count(violations: dict[str, list[str]], names: tuple[str, ...]) -> int:
    return sum(len(violations.get(name, ())) for name in names)
