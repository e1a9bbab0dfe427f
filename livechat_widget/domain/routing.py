"""Chats that wait are given to agents: in a transaction of its own, after the commit that asked.

One at a time per organization: every agent answers in the general group, whose row is the lock.
What is read under it was committed before, and who commits later asks again, so nobody waits
while somebody is free.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from msgspec.structs import replace

from ..delivery import log
from ..delivery.database import after_commit, atomic
from ..models import Agent, ChatUser, Group, Membership, Stream, Thread
from .decision import Candidate, Decision, Request, decide
from .organizations import GENERAL_GROUP

# The organizations for which somebody in this process is about to look.
_asked: set[int] = set()
ROUTED = ~Q(group__strategy=Group.Strategy.MANUAL)


def waiting() -> "QuerySet[Thread]":
    """Threads that nobody answers, of groups whose chats are given out; who waits longest first."""
    threads = Thread.objects.filter(ROUTED, active=True, agent=None, queued_at__isnull=False)
    return threads.order_by("queued_at", "pk")


def route_soon(organization_id: int) -> None:
    """After the commit; where that fails, the timed job does it."""
    after_commit(partial(_route_unless_asked, organization_id))


def _route_unless_asked(organization_id: int) -> None:
    """Who waits for the lock in this process will see what we have committed: in a rush one waits
    instead of many."""
    if organization_id in _asked:
        return
    _asked.add(organization_id)
    try:
        route(organization_id)
    finally:
        _asked.discard(organization_id)


def route(organization_id: int) -> int:
    """Give out what can be given; gives how many chats that were."""
    given = found = _route_heads(organization_id)
    while found and _heads(organization_id).exists():
        found = _route_heads(organization_id)
        given += found
    return given


def route_all() -> None:
    """A timed job: what a process left behind that died before it could do this."""
    organizations: set[Any] = set(waiting().values_list("group__organization", flat=True))
    for organization_id in organizations:
        route(organization_id)


def lock(organization_id: int) -> None:
    """Until the commit nobody else is given a chat. It goes before the locks of streams.

    It does not stop those who only refer to the group, such as a chat that begins.
    """
    general = Group.objects.filter(organization=organization_id, number=GENERAL_GROUP)
    list(general.select_for_update(no_key=True).values_list("pk"))


@atomic
def _route_heads(organization_id: int) -> int:
    """The first of each group's queue, who waits longest first; gives how many left the queue."""
    lock(organization_id)
    _asked.discard(organization_id)  # before the first look: who commits now asks again
    heads = list(_heads(organization_id).select_related("group"))
    if not heads:
        return 0
    desks = read_desks(organization_id, [thread.group for thread in heads])
    given = []
    for thread in heads:
        decision = decide(request_of(thread), desks.candidates(thread.group))
        if decision.agent:
            given.append(Assignment(thread, desks.take(decision.agent), decision))
    assign(given)
    return len(given)


def _heads(organization_id: int) -> "QuerySet[Any]":
    """Of the groups where somebody has room."""
    first = waiting().filter(group=OuterRef("pk")).values("pk")[:1]
    free = with_room(Agent.objects.available(now()).answering())
    groups = Group.objects.filter(Exists(free), organization=organization_id)
    groups = groups.annotate(head=Subquery(first))
    before = Thread.objects.filter(chat=OuterRef("chat"), agent__isnull=False)
    last_agent = before.order_by("-created_at").values("agent__public_id")[:1]
    return waiting().filter(pk__in=groups.values("head")).annotate(last_agent=Subquery(last_agent))


def with_room(agents: "QuerySet[Agent]") -> "QuerySet[Agent]":
    """In a subquery on groups: those who can be given another chat there."""
    watching = Membership.objects.filter(
        agent=OuterRef("pk"), group=OuterRef(OuterRef("pk")), priority="supervisor"
    )
    free = agents.annotate(load=_load()).filter(load__lt=F("concurrent_limit"))
    return free.filter(~Exists(watching))


def _load() -> Coalesce:
    """How many chats an agent has."""
    active = Thread.objects.filter(agent=OuterRef("pk"), active=True).order_by()
    return Coalesce(Subquery(active.values("agent").annotate(n=Count("pk")).values("n")), 0)


def request_of(thread: Any) -> Request:
    group = thread.group
    return Request(
        strategy=group.strategy,
        is_open=group.is_open(now()),
        last_agent=thread.last_agent or "",
        seed=secrets.randbits(32) if group.strategy == Group.Strategy.RANDOM else 0,
    )


@dataclass
class Desks:
    """The agents who accept chats, and their priorities by group and agent."""

    agents: dict[str, Agent]
    figures: dict[str, Candidate]
    priorities: dict[tuple[int, str], Any]

    def candidates(self, group: Group) -> list[Candidate]:
        """Those who answer in the group; in the general group everybody does."""
        return [
            replace(one, priority=self.priorities.get((group.pk, key), "normal"))
            for key, one in self.figures.items()
            if group.number == GENERAL_GROUP or (group.pk, key) in self.priorities
        ]

    def take(self, public_id: str) -> Agent:
        """The agent, who from now on has one chat more."""
        one = self.figures[public_id]
        self.figures[public_id] = replace(one, load=one.load + 1, assigned_at=now().timestamp())
        return self.agents[public_id]


def read_desks(organization_id: int, groups: Sequence[Group]) -> Desks:
    """As they are for these groups; one query."""
    given = Thread.objects.filter(agent=OuterRef("pk"), assigned_at__isnull=False)
    last = given.order_by("-assigned_at").values("assigned_at")
    there = FilteredRelation("memberships", condition=Q(memberships__group__in=groups))
    agents = Agent.objects.available(now()).filter(organization=organization_id)
    desks = Desks({}, {}, {})
    rows: Any = agents.annotate(
        load=_load(),
        last=Subquery(last[:1]),
        there=there,
        group_key=F("there__group"),
        priority=F("there__priority"),
    )
    for agent in rows:
        key = agent.public_id
        desks.agents[key] = agent
        desks.figures[key] = Candidate(
            id=key,
            name=agent.name,
            load=agent.load,
            limit=agent.concurrent_limit,
            assigned_at=agent.last.timestamp() if agent.last else 0,
        )
        if agent.group_key is not None:
            desks.priorities[agent.group_key, key] = agent.priority
    return desks


@dataclass(frozen=True)
class Assignment:
    """A thread for an agent, and why."""

    thread: Thread
    agent: Agent
    decision: Decision


def assign(given: Sequence[Assignment]) -> None:
    """Give threads that nobody answers to agents; those that ended, or were taken, are passed
    over. None of them waits in the queue after it."""
    chats = {one.thread.chat_id: one for one in given}
    entries = []
    for stream in lock_streams(chats):
        one = chats[stream.chat_id]
        changed = Thread.objects.filter(pk=one.thread.pk, active=True, agent=None).update(
            agent=one.agent, assigned_at=now(), decision=msgspec.to_builtins(one.decision)
        )
        if changed:
            enter(one.thread.chat_id, one.agent)
            entries.append((stream, [moved("user_added_to_chat", one.thread, one.agent)]))
    if entries:
        log.append_all(entries)


def lock_streams(chat_ids: Collection[str]) -> "list[Any]":
    """Of these chats, by ascending id, each with its ``chat_id``."""
    streams = Stream.objects.filter(customer__chat__in=list(chat_ids)).order_by("pk")
    return list(streams.select_for_update(of=("self",)).annotate(chat_id=F("customer__chat")))


def enter(chat_id: str, agent: Agent) -> None:
    """The agent is in the chat from now on."""
    ChatUser.objects.bulk_create(
        [ChatUser(chat_id=chat_id, author=agent.author_id, agent=agent)],
        update_conflicts=True,
        unique_fields=["chat", "author"],
        update_fields=["present"],
    )


def moved(action: str, thread: Thread, agent: Agent) -> log.NewEntry:
    """That the agent came or went, by nobody's doing."""
    payload = {
        "chat_id": thread.chat_id,
        "thread_id": thread.pk,
        "user_id": agent.author_id,
        "reason": "assigned",
    }
    return log.NewEntry(action, payload)
