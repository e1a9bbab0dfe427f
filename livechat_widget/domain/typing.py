"""Who is typing. Nothing of it is kept: the last word counts and lapses by itself."""

from time import time

from django.db.models import QuerySet

from ..delivery import present, publish
from ..errors import ChatInactive, NotAllowed, NotFound
from ..models import Agent, Chat, ChatUser, Customer
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
    chat = _find(Chat.objects.seen_by(agent), chat_id)
    if not ChatUser.objects.filter(chat=chat, agent=agent, present=True).exists():
        raise NotAllowed("Join the chat before you write into it.")
    for view in View:
        indicator = {
            "author_id": present.agent_id(agent, view),
            "is_typing": is_typing,
            "timestamp": int(time()),
            "recipients": "all",
        }
        payload = {
            "chat_id": chat_id,
            "thread_id": chat.last_thread_id,
            "typing_indicator": indicator,
        }
        publish.without_saving(chat.customer.stream.pk, view, "incoming_typing_indicator", payload)


def _find(own: QuerySet[Chat], chat_id: str) -> Chat:
    chat = own.select_related("last_thread", "customer__stream").filter(pk=chat_id).first()
    if chat is None:
        raise NotFound("There is no such chat, or it is not yours.")
    if chat.last_thread is None or not chat.last_thread.active:
        raise ChatInactive
    return chat
