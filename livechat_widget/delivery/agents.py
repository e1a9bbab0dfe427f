"""What an agent's connection follows: every open chat that the agent may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..models import Agent, Chat
from ..models.chat import ChatQuerySet
from . import log

# The console's list goes no further: what is not on it comes when something happens there, or when
# it is its turn.
MOST_LISTED = 200


@dataclass(frozen=True)
class Desk:
    """An agent at work. Rights are looked up when a chat is joined.

    ``group_ids``, where it is set, limits them to what its connection knows of: rights that came
    and went unnoticed must not leave a chat behind.
    """

    agent_id: int
    organization_id: int
    group_ids: frozenset[int] | None = None


class OpenChat(NamedTuple):
    """What decides who follows a chat."""

    organization_id: int
    stream_id: int
    group_id: int
    group_number: int

    def is_for(self, desk: Desk) -> bool:
        """Whether it is worth asking for ``admission``."""
        return not self.group_number or desk.group_ids is None or self.group_id in desk.group_ids


def open_chats(organization_ids: Collection[int]) -> list[OpenChat]:
    """All of these organizations, in one query."""
    chats = Chat.objects.filter(organization__in=organization_ids).open()
    group = ("last_thread__group", "last_thread__group__number")
    rows = chats.values_list("organization", "customer__stream", *group)
    return [OpenChat(*row) for row in rows]


def admission(desk: Desk, stream_id: int) -> int | None:
    """The number after which the agent follows an open chat; None where there is no right to."""
    chats = _chats_of(desk, _agent_of(desk)).open()
    if not chats.filter(customer__stream=stream_id).exists():
        return None
    return log.thread_starts([stream_id]).get(stream_id, 0)


def cursors(desk: Desk, known: Mapping[str, int]) -> dict[int, int]:
    """Where to read on, per stream: after what the agent knows, else from the thread's start.

    What is too far down for the list is followed from now on.
    """
    agent = _agent_of(desk)
    chats = _chats_of(desk, agent)
    held = {
        stream: known[chat]
        for chat, stream in chats.filter(pk__in=known).values_list("pk", "customer__stream")
    }
    # One query: a chat that opens between two would be too new for one and too old for the other.
    places = chats.open().by_need(agent)
    ends = dict(places.values_list("customer__stream", "customer__stream__seq"))
    listed = set(list(ends)[:MOST_LISTED]) - held.keys()
    return {**ends, **dict.fromkeys(listed, 0), **log.thread_starts(listed), **held}


def _agent_of(desk: Desk) -> Agent:
    return Agent.objects.select_related("user").get(pk=desk.agent_id)


def _chats_of(desk: Desk, agent: Agent) -> ChatQuerySet:
    chats = Chat.objects.seen_by(agent)
    return chats if desk.group_ids is None else chats.in_groups(desk.group_ids)
