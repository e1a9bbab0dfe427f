"""Who is typing. Nothing of it is kept: the last word counts and lapses by itself."""

from collections.abc import Callable
from time import time
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now

from ..delivery import present, publish
from ..errors import ChatInactive, NotAllowed, NotFound
from ..models import Agent, Chat, ChatUser, Customer
from ..protocol.times import format_time
from ..protocol.views import View


def peek(chat_id: str, customer: Customer, text: str) -> None:
    """Show agents what the customer has in the composer; empty text means nothing."""
    chat = _find(Chat.objects.filter(customer=customer), chat_id)
    payload = {
        "chat_id": chat_id,
        "thread_id": chat.last_thread_id,
        "sneak_peek": {"author_id": customer.author_id, "text": text, "timestamp": int(time())},
    }
    publish.without_saving(chat.customer.stream.pk, View.AGENT, "incoming_sneak_peek", payload)


def show(chat_id: str, agent: Agent, is_typing: bool) -> None:
    """Tell everybody in the chat that an agent is typing, or has stopped."""
    chat = _join(chat_id, agent)
    _tell(
        chat,
        "incoming_typing_indicator",
        lambda view: {
            "typing_indicator": {
                "author_id": present.agent_id(agent, view),
                "is_typing": is_typing,
                "timestamp": int(time()),
                "recipients": "all",
            }
        },
    )


def think(
    chat_id: str, agent: Agent, title: str = "", description: str = "", custom_id: str = ""
) -> None:
    """Tell everybody in the chat that an agent, such as a program, works on an answer."""
    words = {"title": title, "description": description, "custom_id": custom_id}
    given = {name: word for name, word in words.items() if word}
    _tell(
        _join(chat_id, agent),
        "incoming_thinking_indicator",
        lambda view: {
            "author_id": present.agent_id(agent, view),
            "sent_at": format_time(now()),
            **given,
        },
    )


def preview(chat_id: str, agent: Agent, text: str) -> None:
    """Show everybody in the chat what an agent has written so far, before it is sent."""
    _tell(
        _join(chat_id, agent),
        "incoming_event_preview",
        lambda view: {
            "event": {
                "type": "message",
                "author_id": present.agent_id(agent, view),
                "created_at": format_time(now()),
                "text": text,
            }
        },
    )


def _tell(chat: Chat, action: str, say: Callable[[View], dict[str, Any]]) -> None:
    for view in View:
        payload = {"chat_id": chat.pk, "thread_id": chat.last_thread_id, **say(view)}
        publish.without_saving(chat.customer.stream.pk, view, action, payload)


def _join(chat_id: str, agent: Agent) -> Chat:
    """The active chat that the agent is in."""
    chat = _find(Chat.objects.seen_by(agent), chat_id)
    if not ChatUser.objects.filter(chat=chat, agent=agent, present=True).exists():
        raise NotAllowed("Join the chat before you write into it.")
    return chat


def _find(own: QuerySet[Chat], chat_id: str) -> Chat:
    chat = own.select_related("last_thread", "customer__stream").filter(pk=chat_id).first()
    if chat is None:
        raise NotFound("There is no such chat, or it is not yours.")
    if chat.last_thread is None or not chat.last_thread.active:
        raise ChatInactive
    return chat
