"""Chats: they start, are joined, end, and start again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.timezone import now

from ..delivery import log
from ..delivery.database import atomic
from ..errors import (
    ChatAlreadyActive,
    ChatInactive,
    ChatLimitReached,
    GroupNotFound,
    GroupsOffline,
    NotFound,
    ServiceUnavailable,
)
from ..models import Agent, Chat, ChatUser, Customer, Event, Group, Stream, StreamEntry, Thread
from ..protocol.events import NewEvent
from ..protocol.fields import Properties
from . import alarm, events, greetings, properties, routing, rules
from .groups import status_of, with_figures
from .notes import name_of, note

# What a visitor is told who would wait, by what the group wants while nobody is there.
_REFUSALS = {
    "ticket": "Nobody is there at the moment; send a ticket instead.",
    "hide": "Nobody is there at the moment; try again later.",
}


@dataclass(frozen=True)
class Started:
    """A thread that began; ``repeated``: a retry found the one that it had started before."""

    chat: Chat
    thread: Thread
    events: Sequence[Event]
    stream_id: int
    seq: int
    repeated: bool = False


@dataclass(frozen=True)
class Opening:
    """How a thread is to begin. Unless ``continuous``, somebody must be online; then, too, where
    the group wants no messages while it is offline.

    A chat that is resumed stays as continuous as it was where nothing is said.
    """

    group_number: int | None = None
    active: bool = True
    continuous: bool | None = None
    events: Sequence[NewEvent] = field(default=())
    chat_properties: Properties = field(default_factory=dict)
    thread_properties: Properties = field(default_factory=dict)


@atomic
def start(customer: Customer, opening: Opening) -> Started:
    """The customer's first thread. A customer has one chat: ``ChatLimitReached`` afterwards."""
    stream = log.lock(customer=customer)
    chat = Chat.objects.select_related("last_thread").filter(customer=customer).first()
    if chat is not None:
        if earlier := events.find_repeated(customer, opening.events):
            return _repeat(stream, chat, earlier)
        raise ChatLimitReached
    moment = log.next_time(stream)
    chat = Chat.objects.create(
        organization_id=customer.organization_id, customer=customer, created_at=moment
    )
    ChatUser.objects.create(chat=chat, author=customer.author_id, seen_up_to=moment)
    return _open_thread(stream, chat, customer, opening)


@atomic
def resume(chat_id: str, customer: Customer, opening: Opening) -> Started:
    """Another thread of a chat that ended; ``ChatAlreadyActive`` when it has not."""
    stream = events.lock_chat(chat_id, customer)
    chat = Chat.objects.select_related("last_thread__group").get(pk=chat_id)
    if earlier := events.find_repeated(customer, opening.events):
        return _repeat(stream, chat, earlier)
    if chat.last_thread and chat.last_thread.active:
        raise ChatAlreadyActive
    return _open_thread(stream, chat, customer, opening)


def say(customer: Customer, new: NewEvent, *, group_number: int | None = None) -> None:
    """Whatever it takes to get a message to the agents: start, resume or send."""
    for _attempt in range(3):
        try:
            return _say(customer, new, group_number)
        except (ChatLimitReached, ChatAlreadyActive, ChatInactive):
            continue  # another tab, or the agent, was faster: look again at how the chat stands
    raise ServiceUnavailable


def _say(customer: Customer, new: NewEvent, group_number: int | None) -> None:
    chat = Chat.objects.select_related("last_thread").filter(customer=customer).first()
    opening = Opening(group_number, continuous=True, events=[new])
    if chat is None:
        start(customer, opening)
    elif chat.last_thread and chat.last_thread.active:
        events.send(chat.pk, customer, new)
    else:
        resume(chat.pk, customer, opening)


def id_of(customer: Customer) -> str:
    """The customer's one chat; ``NotFound`` before it was started."""
    chat_id = Chat.objects.filter(customer=customer).values_list("pk", flat=True).first()
    if chat_id is None:
        raise NotFound("You have no chat yet; start one.")
    return chat_id


@atomic
def join(chat_id: str, agent: Agent) -> None:
    """An agent takes part in an active chat; the first to come takes the thread."""
    routing.lock(agent.organization_id)  # nobody is given the thread, nor the agent another one
    stream = events.lock_chat(chat_id, agent)
    chat = Chat.objects.select_related("last_thread").get(pk=chat_id)
    thread = _active(chat)
    user, added = ChatUser.objects.get_or_create(
        chat=chat, author=agent.author_id, defaults={"agent": agent}
    )
    if user.present and not added:
        return
    entries = []
    if thread.agent_id is None:
        thread.agent, thread.assigned_at = agent, now()
        thread.save(update_fields=["agent", "assigned_at"])
    else:
        entries.append(note(stream, thread, "agent_joined", agent=agent.name))
    if not added:
        user.present = True
        user.save(update_fields=["present"])
    added_entry = log.NewEntry(
        "user_added_to_chat",
        {
            "chat_id": chat.pk,
            "thread_id": thread.pk,
            "user_id": agent.author_id,
            "requester_id": agent.author_id,
            "reason": "manual",
        },
    )
    log.append(stream, added_entry, *entries)


@atomic
def deactivate(chat_id: str, author: Customer | Agent) -> StreamEntry:
    """End the active thread; gives the entry of ``chat_deactivated``."""
    stream = events.lock_chat(chat_id, author)
    chat = Chat.objects.select_related("last_thread").get(pk=chat_id)
    thread = _active(chat)
    role = "agent" if isinstance(author, Agent) else "customer"
    farewell = note(stream, thread, f"manual_archived_{role}", **{role: name_of(author)})
    return end(stream, thread, farewell, user_id=author.author_id)


def end_by_ban(stream: Stream, customer: Customer, agent: Agent | None, days: int) -> None:
    """The customer's active thread, where there is one; the caller holds the stream's lock."""
    thread = Thread.objects.filter(chat__customer=customer, active=True).first()
    if thread is None:
        return
    name = agent.name if agent else customer.organization.name
    farewell = note(stream, thread, "customer_banned", agent=name, duration=str(days))
    end(stream, thread, farewell, **({"user_id": agent.author_id} if agent else {}))


def end(stream: Stream, thread: Thread, farewell: log.NewEntry, **user_id: str) -> StreamEntry:
    """The active thread ends with these words; its agent has room for another chat."""
    thread.active, thread.ended_at = False, log.next_time(stream)
    thread.save(update_fields=["active", "ended_at"])
    ChatUser.objects.filter(chat=thread.chat_id, agent__isnull=False).update(present=False)
    if properties.read(thread, "routing", "transcript_email"):
        alarm.set_off()  # the mail is due from now on
    routing.route_soon(stream.organization_id)
    payload = {"chat_id": thread.chat_id, "thread_id": thread.pk, **user_id}
    return log.append(stream, farewell, log.NewEntry("chat_deactivated", payload))[-1]


def _open_thread(stream: Stream, chat: Chat, customer: Customer, opening: Opening) -> Started:
    moment = log.next_time(stream)
    thread = Thread(
        chat=chat,
        active=opening.active,
        created_at=moment,
        queued_at=moment if opening.active else None,
        ended_at=None if opening.active else moment,
    )
    given = _set_properties(chat, thread, customer, opening)
    thread.group = _choose_group(chat, customer, opening)
    thread.save(force_insert=True)
    payload = {"thread_id": thread.pk, "requester_id": customer.author_id}
    if chat.last_thread:
        payload["previous_thread_id"] = chat.last_thread.pk
    if opening.active and thread.group.strategy != Group.Strategy.MANUAL:
        routing.route_soon(chat.organization_id)
    chat.last_thread = thread
    chat.save(update_fields=["last_thread", "properties"])
    written = events.write_first(stream, thread.pk, chat.pk, customer, opening.events)
    properties.follow_up(stream, thread, customer, given)  # its notes go with the whole chat
    entry = log.append(stream, log.NewEntry("incoming_chat", payload))[0]
    ChatUser.objects.filter(chat=chat, author=customer.author_id).update(
        seen_up_to=log.clock_time(stream)
    )
    return Started(chat, thread, written, stream.pk, entry.seq)


def _repeat(stream: Stream, chat: Chat, earlier: Event) -> Started:
    """What the first try answered, when its response was lost on the way."""
    thread = Thread.objects.get(pk=earlier.thread_id)
    entry = stream.entries.filter(action="incoming_chat", payload__thread_id=thread.pk).first()
    written = [row for row in thread.events.order_by("created_at") if row.author == earlier.author]
    seq = entry.seq if entry else 0
    return Started(chat, thread, written, stream.pk, seq, repeated=True)


def _set_properties(chat: Chat, thread: Thread, customer: Customer, opening: Opening) -> Properties:
    """What was asked for, which it gives for the thread, and what we know of how it began."""
    given = properties.put_first(
        chat, thread, customer, opening.chat_properties, opening.thread_properties
    )
    if opening.continuous is not None:
        properties.set_ours(chat, "routing", continuous=opening.continuous)
    known = Customer.objects.values_list("page", "greetings_accepted_count")
    page, accepted = known.get(pk=customer.pk)
    own = {"continuous": properties.read(chat, "routing", "continuous")}
    properties.set_ours(thread, "routing", **own, start_url=page.get("url"))
    if accepted and properties.read(thread, "lc2", "greeting_unique_id") is None:
        own = greetings.properties_of_thread(customer, chat.last_thread)
        properties.set_ours(thread, "lc2", **own)
    return given


def _choose_group(chat: Chat, customer: Customer, opening: Opening) -> Group:
    number = opening.group_number
    if number is None:
        number = rules.choose(customer)
    groups = Group.objects.filter(organization=chat.organization_id, number=number)
    group: Group | None = with_figures(groups).first()
    if group is None:
        raise GroupNotFound
    continuous = properties.read(chat, "routing", "continuous")
    may_wait = continuous and group.offline == Group.Offline.MESSAGE
    if opening.active and not may_wait and status_of(group, now()) == "offline":
        raise GroupsOffline(_REFUSALS.get(group.offline, "") if continuous else "")
    return group


def _active(chat: Chat) -> Thread:
    if chat.last_thread is None or not chat.last_thread.active:
        raise ChatInactive
    return chat.last_thread
