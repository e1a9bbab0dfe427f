"""Groups: whether somebody is there, and who it would be."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef

from ..errors import GroupNotFound, GroupOffline
from ..models import Agent, Group
from ..protocol.objects import GroupStatus
from . import agents
from .organizations import GENERAL_GROUP

Statuses = dict[int, GroupStatus]


def statuses(organization_ids: Iterable[int]) -> dict[int, Statuses]:
    """By organization, the status of every group by its number; one query for any number."""
    online = Exists(Group.objects.online().filter(pk=OuterRef("pk")))
    groups = Group.objects.filter(organization__in=list(organization_ids)).annotate(online=online)
    found: dict[int, Statuses] = {}
    for organization, number, is_online in groups.order_by("organization", "number").values_list(
        "organization__pk", "number", "online"
    ):
        found.setdefault(organization, {})[number] = "online" if is_online else "offline"
    return found


def list_statuses(organization_id: int, numbers: Collection[int] | None = None) -> Statuses:
    """Of these groups, or of all; what the organization does not have is left out."""
    found = statuses([organization_id]).get(organization_id, {})
    return {
        number: status for number, status in found.items() if numbers is None or number in numbers
    }


def predict(organization_id: int, number: int = GENERAL_GROUP) -> Agent:
    """Who would most likely answer a chat of this group: who accepts chats and has the fewest.

    Raises ``GroupNotFound`` and ``GroupOffline``.
    """
    group = Group.objects.filter(organization=organization_id, number=number).first()
    if group is None:
        raise GroupNotFound
    agent = agents.likely(group)
    if agent is None or not agent.accepting:
        raise GroupOffline
    return agent
