"""Groups: whether somebody is there, and who it would be."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from ..conf import settings
from ..errors import GroupNotFound, GroupOffline, GroupUnavailable
from ..models import Agent, Group, Thread
from ..protocol.objects import GroupStatus
from . import routing
from .decision import Request, decide
from .organizations import GENERAL_GROUP

Statuses = dict[int, GroupStatus]


def with_figures(groups: QuerySet[Group]) -> "QuerySet[Any]":
    """With what their statuses are made of: whether somebody is ``staffed`` and ``has_room``, and
    how many chats are ``queued``."""
    there = Agent.objects.available(now()).answering()
    waiting = Thread.objects.filter(group=OuterRef("pk"), active=True, agent=None).order_by()
    queued = waiting.values("group").annotate(n=Count("pk")).values("n")
    return groups.annotate(
        staffed=Exists(there),
        has_room=Exists(routing.with_room(there)),
        queued=Coalesce(Subquery(queued, output_field=IntegerField()), 0),
    )


def status_of(group: Any, moment: datetime) -> GroupStatus:
    """Of a group ``with_figures``. Chats that agents take themselves wait without a limit."""
    if not group.staffed or not group.is_open(moment):
        return "offline"
    if group.strategy == Group.Strategy.MANUAL:
        return "online"
    if group.has_room and not group.queued:
        return "online"
    return "online_for_queue" if group.queued < queue_limit(group) else "offline"


def queue_limit(group: Group) -> int:
    limit = group.queue_limit
    return int(settings.QUEUE_LIMIT if limit is None else limit)


def statuses(organization_ids: Iterable[int]) -> dict[int, Statuses]:
    """By organization, the status of every group by its number; one query for any number."""
    groups = with_figures(Group.objects.filter(organization__in=list(organization_ids)))
    moment = now()
    found: dict[int, Statuses] = {}
    for group in groups.order_by("organization", "number"):
        found.setdefault(group.organization_id, {})[group.number] = status_of(group, moment)
    return found


def list_statuses(organization_id: int, numbers: Collection[int] | None = None) -> Statuses:
    """Of these groups, or of all; what the organization does not have is left out."""
    found = statuses([organization_id]).get(organization_id, {})
    return {
        number: status for number, status in found.items() if numbers is None or number in numbers
    }


class Predicted(NamedTuple):
    """Who would answer; ``queue``: after waiting for it."""

    agent: Agent
    queue: bool


def predict(organization_id: int, number: int = GENERAL_GROUP) -> Predicted:
    """Who would most likely answer a chat of this group.

    Raises ``GroupNotFound``, ``GroupOffline``, and ``GroupUnavailable`` where there is no room,
    not even for waiting.
    """
    groups = Group.objects.filter(organization=organization_id, number=number)
    group = with_figures(groups).first()
    if group is None:
        raise GroupNotFound
    status = status_of(group, now())
    if not group.staffed or not group.is_open(now()):
        raise GroupOffline
    desks = routing.read_desks(organization_id, [group])
    decision = decide(Request(strategy=group.strategy), desks.candidates(group))
    if status == "offline" or not decision.candidates:
        raise GroupUnavailable
    return Predicted(desks.agents[decision.candidates[0].id], status == "online_for_queue")
