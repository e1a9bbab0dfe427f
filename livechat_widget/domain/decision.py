"""Who gets a chat: a pure function, and a table of strategies.

What it was decided by is kept with the thread, so that it can be shown, and decided again.
"""

import random
from collections.abc import Callable, Iterable
from typing import Any, Literal

from msgspec import Struct

MOST_KEPT = 50

Outcome = Literal["assigned", "full", "nobody", "closed", "behind", "manual"]
Priority = Literal["first", "normal", "last", "supervisor"]
_TIERS = {"first": 0, "normal": 1, "last": 2}


class Candidate(Struct, frozen=True, kw_only=True):
    """An agent who accepts chats, with the figures that count.

    ``id`` is the one that customers know; ``assigned_at``, in Unix seconds, is when the last chat
    was given to the agent, 0 before the first.
    """

    id: str
    name: str
    load: int
    limit: int
    priority: Priority = "normal"
    assigned_at: float = 0

    @property
    def has_room(self) -> bool:
        return self.load < self.limit and self.priority != "supervisor"


class Request(Struct, frozen=True, kw_only=True):
    """A chat that waits. ``ahead``: how many wait longer in its group; ``seed``: for chance."""

    strategy: str
    is_open: bool = True
    ahead: int = 0
    last_agent: str = ""
    seed: int = 0


class Decision(Struct, frozen=True, kw_only=True):
    """``candidates`` in the order of preference, the first of many; ``others``: how many more."""

    outcome: Outcome
    agent: str = ""
    request: Request
    candidates: list[Candidate]
    others: int = 0


Key = Callable[[Candidate, Request], tuple[Any, ...]]


def _by_load(one: Candidate, request: Request) -> tuple[Any, ...]:
    return one.load, one.assigned_at


def _in_turn(one: Candidate, request: Request) -> tuple[Any, ...]:
    return (one.assigned_at,)


def _by_chance(one: Candidate, request: Request) -> tuple[Any, ...]:
    return (random.Random(f"{request.seed} {one.id}").random(),)


def _by_priority(one: Candidate, request: Request) -> tuple[Any, ...]:
    return _TIERS.get(one.priority, len(_TIERS)), *_by_load(one, request)


def _last_first(one: Candidate, request: Request) -> tuple[Any, ...]:
    return one.id != request.last_agent, *_by_load(one, request)


# By what the candidates are put in order; where nothing is, agents take chats themselves.
STRATEGIES: dict[str, Key | None] = {
    "least_loaded": _by_load,
    "round_robin": _in_turn,
    "random": _by_chance,
    "priority": _by_priority,
    "last_agent": _last_first,
    "manual": None,
}


def decide(request: Request, candidates: Iterable[Candidate]) -> Decision:
    """The same for the same: ``decide(made.request, made.candidates)`` is ``made`` again."""
    key = STRATEGIES[request.strategy] or _by_load
    ranked = sorted(candidates, key=lambda one: (not one.has_room, key(one, request), one.id))
    outcome = _outcome(request, ranked)
    return Decision(
        outcome=outcome,
        agent=ranked[0].id if outcome == "assigned" else "",
        request=request,
        candidates=ranked[:MOST_KEPT],
        others=len(ranked[MOST_KEPT:]),
    )


def _outcome(request: Request, ranked: list[Candidate]) -> Outcome:
    if STRATEGIES[request.strategy] is None:
        return "manual"
    if not request.is_open:
        return "closed"
    if request.ahead:
        return "behind"
    if not ranked:
        return "nobody"
    return "assigned" if ranked[0].has_room else "full"
