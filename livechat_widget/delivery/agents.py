"""What an agent's connection follows: every open chat that the agent may see."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..models import Agent, Chat
from ..models.chat import ChatQuerySet
from . import log


@dataclass(frozen=True)
class Desk:
    """An agent at work. Rights are looked up when a chat is joined, not kept here."""

    agent_id: int
    organization_id: int


def open_streams(organization_id: int) -> list[int]:
    """The streams of the organization's open chats."""
    chats = Chat.objects.open().filter(organization_id=organization_id)
    return list(chats.values_list("customer__stream", flat=True))


def admission(desk: Desk, stream_id: int) -> int | None:
    """The number after which the agent follows an open chat; None where there is no right to."""
    if not _chats_of(desk).open().filter(customer__stream=stream_id).exists():
        return None
    return log.thread_starts([stream_id]).get(stream_id, 0)


def cursors(desk: Desk, known: Mapping[str, int]) -> dict[int, int]:
    """Where to read on, per stream: after what the agent knows, else from the thread's start."""
    chats = _chats_of(desk)
    held = {
        stream: known[chat]
        for chat, stream in chats.filter(pk__in=known).values_list("pk", "customer__stream")
    }
    opened = set(chats.open().values_list("customer__stream", flat=True)) - held.keys()
    return {**dict.fromkeys(opened, 0), **log.thread_starts(opened), **held}


def _chats_of(desk: Desk) -> ChatQuerySet:
    agent = Agent.objects.select_related("user").get(pk=desk.agent_id)
    return Chat.objects.seen_by(agent)
