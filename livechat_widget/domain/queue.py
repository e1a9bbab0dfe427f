"""The queue: who waits at which place, and for how long, by what chats took lately.

Places are worked out when somebody looks; nothing is written for them but what was promised first.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from statistics import fmean
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.timezone import now

from ..models import Group, Thread
from ..protocol.objects import Queue
from ..protocol.times import format_time
from . import routing

# How many of the last chats of a group say how long one takes, and what is thought before any.
MEASURED = 50
FIRST_GUESS_SECONDS = 300.0


class Place(NamedTuple):
    """Of a thread in its group's queue, from 1; ``wait_time`` in seconds from now."""

    thread_id: str
    chat_id: str
    position: int
    wait_time: int
    queued_at: datetime

    def describe(self) -> Queue:
        return Queue(self.position, self.wait_time, format_time(self.queued_at))


def places(organization_ids: Collection[int]) -> dict[str, Place]:
    """By the customer's id, of all who wait in these organizations where somebody is there.

    One query while nobody waits; else one more for each organization, and for each group.
    """
    rows = routing.waiting().filter(group__organization__in=organization_ids)
    by_group: dict[int, list[tuple[Any, ...]]] = {}
    columns = ("pk", "chat", "queued_at", "chat__customer", "estimated_wait")
    for group, *columns_of in rows.values_list("group", *columns):
        by_group.setdefault(group, []).append(tuple(columns_of))
    found: dict[str, Place] = {}
    promised: dict[str, int] = {}
    for group, seconds in _paces(by_group).items():
        for position, (thread, chat, queued_at, customer, promise) in enumerate(by_group[group], 1):
            wait = estimate(position, seconds)
            found[str(customer)] = Place(thread, chat, position, wait, queued_at)
            if promise is None:
                promised[thread] = wait
    _keep(promised)
    return found


def place_of(thread: Thread) -> Place | None:
    """None for one that does not wait in a queue, or whose group has nobody there."""
    if not thread.active or thread.agent_id or thread.queued_at is None:
        return None
    if thread.group.strategy == Group.Strategy.MANUAL:
        return None
    pace = _paces([thread.group_id]).get(thread.group_id)
    if pace is None:
        return None
    before = Q(queued_at__lt=thread.queued_at) | Q(queued_at=thread.queued_at, pk__lt=thread.pk)
    position = routing.waiting().filter(before, group=thread.group_id).count() + 1
    wait = estimate(position, pace)
    return Place(thread.pk, thread.chat_id, position, wait, thread.queued_at)


def estimate(position: int, pace: float) -> int:
    """Seconds until the place is reached where somebody gets free every ``pace`` seconds."""
    return round(position * pace)


def pace_of(service_seconds: Iterable[float], slots: int) -> float:
    """How often one of so many chats at a time ends, by how long the last ones took."""
    times = list(service_seconds)
    return (fmean(times) if times else FIRST_GUESS_SECONDS) / slots


def _paces(group_ids: Iterable[int]) -> dict[int, float]:
    """Of the groups whose chats are given out and where somebody is there."""
    moment = now()
    groups = Group.objects.filter(pk__in=list(group_ids)).exclude(strategy=Group.Strategy.MANUAL)
    by_organization: dict[int, list[Group]] = {}
    for group in groups:
        if group.is_open(moment):
            by_organization.setdefault(group.organization_id, []).append(group)
    paces = {}
    for organization, its_groups in by_organization.items():
        desks = routing.read_desks(organization, its_groups)
        for group in its_groups:
            slots = sum(
                one.limit for one in desks.candidates(group) if one.priority != "supervisor"
            )
            if slots:
                paces[group.pk] = pace_of(_service_times(group.pk), slots)
    return paces


def _service_times(group_id: int) -> list[float]:
    threads = Thread.objects.filter(
        group=group_id, ended_at__isnull=False, assigned_at__isnull=False
    )
    rows: Any = threads.order_by("-ended_at").values_list("assigned_at", "ended_at")[:MEASURED]
    return [(end - start).total_seconds() for start, end in rows]


def _keep(promised: dict[str, int]) -> None:
    """What was said first is kept beside how long it really took, for reports."""
    threads = [Thread(pk=pk, estimated_wait=seconds) for pk, seconds in promised.items()]
    Thread.objects.bulk_update(threads, ["estimated_wait"], batch_size=500)
