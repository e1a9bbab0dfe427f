"""Agents: who may answer, what they may see, and whether they answer just now."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from ..errors import NotAllowed
from ..models import Agent, Group
from . import routing
from .organizations import GENERAL_GROUP
from .permissions import holders
from .users import auth_hashes

USE_CONSOLE = "livechat_widget.use_console"
SEE_ALL_GROUPS = "livechat_widget.see_all_groups"


@dataclass(frozen=True)
class Rights:
    """Whose sessions may use the console as this agent, and which chats it shows them."""

    user_key: str
    auth_hashes: tuple[str, ...] = field(repr=False)
    organization_id: int
    all_groups: bool
    group_ids: frozenset[int]

    def cover(self, other: "Rights") -> bool:
        """Whether everything that the other ones show is shown still."""
        if self.organization_id != other.organization_id:
            return False
        return self.all_groups or (not other.all_groups and other.group_ids <= self.group_ids)


def of_user(user: Any) -> Agent:
    """The agent profile of a signed-in member of staff who may use the console."""
    if not (user.is_active and user.is_staff):
        raise NotAllowed("Sign in to the admin first.")
    if not user.has_perm(USE_CONSOLE):
        raise NotAllowed("Ask for the permission “Can answer chats in the console”.")
    agent = Agent.objects.filter(user=user.pk).first()
    if agent is None:
        raise NotAllowed("You have no agent profile yet; add one under Agents in the admin.")
    agent.user = user  # this one has looked up its permissions already
    return agent


def rights_of(agent_ids: Collection[int]) -> dict[int, Rights]:
    """Of those agents who may use the console now; as many queries for many as for one."""
    found = Agent.objects.filter(pk__in=agent_ids, user__is_active=True, user__is_staff=True)
    agents = list(found.select_related("user").prefetch_related("groups"))
    users = [agent.user for agent in agents]
    allowed = holders(USE_CONSOLE, users)
    see_all = holders(SEE_ALL_GROUPS, users)
    return {
        agent.pk: Rights(
            user_key=agent.user._meta.pk.value_to_string(agent.user),
            auth_hashes=auth_hashes(agent.user),
            organization_id=agent.organization_id,
            all_groups=agent.user.pk in see_all,
            group_ids=frozenset(group.pk for group in agent.groups.all()),
        )
        for agent in agents
        if agent.user.pk in allowed
    }


def groups_of(agent: Agent) -> QuerySet[Group]:
    """The groups whose chats the agent sees, which the general one is always among."""
    groups = Group.objects.filter(organization=agent.organization_id)
    if agent.user.has_perm(SEE_ALL_GROUPS):
        return groups
    return groups.filter(Q(agents=agent) | Q(number=GENERAL_GROUP)).distinct()


def host(group: Group) -> Any:
    """In whose name a group invites: who is ``there`` and has the fewest chats, else who would be;
    None where nobody is in the group. In the general group it may be everybody.
    """
    agents = Agent.objects.filter(organization=group.organization_id, user__is_active=True)
    if group.number != GENERAL_GROUP:
        agents = agents.filter(groups=group)
    there = Exists(Agent.objects.available(now()).filter(pk=OuterRef("pk")))
    load = Count("threads", filter=Q(threads__active=True))
    return agents.annotate(there=there, load=load).order_by("-there", "load", "pk").first()


def list_available(organization_id: int, most: int = 3) -> list[Agent]:
    """Who of an organization answers now, as many as are worth showing."""
    found = Agent.objects.available(now()).filter(organization=organization_id)
    return list(found.select_related("user").order_by("pk")[:most])


def set_accepting(agent: Agent, accepting: bool) -> None:
    """Who accepts chats from now on is given what waits."""
    agent.accepting = accepting
    agent.save(update_fields=["accepting"])
    if accepting:
        routing.route_soon(agent.organization_id)
