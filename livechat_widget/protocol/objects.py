"""The things that pushes and answers are about."""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from .events import Event, Message, RichMessage
from .fields import Id, Name, Phone, Properties

GroupStatus = Literal["online", "offline", "online_for_queue"]


class GroupState(Struct):
    id: int
    status: GroupStatus


class Statistics(Struct):
    """Counts since the customer's first visit; published clients need all six."""

    chats_count: int
    threads_count: int
    visits_count: int
    page_views_count: int
    greetings_shown_count: int
    greetings_accepted_count: int


class Address(Struct, kw_only=True):
    address: Name | UnsetType = UNSET
    city: Name | UnsetType = UNSET
    state: Name | UnsetType = UNSET
    postal_code: Name | UnsetType = UNSET
    country: Name | UnsetType = UNSET


class Messenger(Struct):
    id: Id


class Twilio(Struct):
    phone_number: Phone


class Omnichannel(Struct, kw_only=True):
    """Under which names the customer is known elsewhere; kept, and not used here."""

    fbmessenger: Messenger | UnsetType = UNSET
    twilio: Twilio | UnsetType = UNSET


class Customer(Struct, tag="customer", kw_only=True):
    """A customer; ``statistics`` only for the customer itself, ``present`` only in a chat."""

    id: str
    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    avatar: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    omnichannel: Omnichannel | UnsetType = UNSET
    session_fields: list[dict[str, str]]
    statistics: Statistics | UnsetType = UNSET
    present: bool | UnsetType = UNSET
    events_seen_up_to: str | UnsetType = UNSET


class Agent(Struct, tag="agent", kw_only=True):
    """An agent as a chat user; ``id`` is opaque for customers, the login for agents."""

    id: str
    name: str
    avatar: str
    job_title: str
    present: bool
    events_seen_up_to: str | UnsetType = UNSET


User = Customer | Agent


class Access(Struct):
    """The groups whose agents see it; 0 means all of them."""

    group_ids: list[int]


class Queue(Struct):
    """A place in the queue, from 1. ``wait_time``: an estimate in seconds from now."""

    position: int
    wait_time: int
    queued_at: str | UnsetType = UNSET


class Thread(Struct, kw_only=True):
    """One sitting. ``events`` in order; an unanswered active thread has nobody but the customer.

    ``queue`` while it waits for an agent to get free.
    """

    id: str
    active: bool
    created_at: str
    user_ids: list[str]
    events: list[Event]
    properties: Properties
    access: Access
    queue: Queue | UnsetType = UNSET
    previous_thread_id: str | UnsetType = UNSET
    next_thread_id: str | UnsetType = UNSET


class Chat(Struct, kw_only=True):
    """A chat with one of its threads."""

    id: str
    users: list[User]
    access: Access
    properties: Properties
    thread: Thread | None


class LastEvent(Struct):
    thread_id: str
    thread_created_at: str
    event: Event


class LastEventOfThread(Struct):
    event: Event


class LastThread(Struct):
    """The last event of each type may be of an earlier thread."""

    id: str
    created_at: str
    last_event_per_type: dict[str, LastEventOfThread]


class ChatSummary(Struct, kw_only=True):
    """A chat in a list, with the last event of each type."""

    id: str
    active: bool
    users: list[User]
    access: Access
    properties: Properties
    last_thread_id: str | UnsetType = UNSET
    last_thread_created_at: str | UnsetType = UNSET
    last_event_per_type: dict[str, LastEvent] | UnsetType = UNSET
    last_thread_info: LastThread | UnsetType = UNSET


class Host(Struct, tag="agent", kw_only=True):
    """An agent whom a customer is told of before they share a chat; ``id`` as with chat users."""

    id: str
    name: str
    avatar: str
    job_title: str
    is_bot: bool = False


GreetingEvent = Message | RichMessage


class Greeting(Struct, kw_only=True):
    """An invitation. ``id`` is that of its template, ``unique_id`` its own; no thread has it."""

    id: int
    unique_id: str
    displayed_first_time: bool
    accepted: bool
    addon: str | UnsetType = UNSET
    subtype: str
    event: GreetingEvent
    agent: Host
    is_exit_intent: bool | UnsetType = False


class TypingIndicator(Struct):
    """Lapses by itself after ten seconds. ``timestamp`` in Unix seconds."""

    author_id: str
    is_typing: bool
    timestamp: int
    recipients: Literal["all"] = "all"


class SneakPeek(Struct):
    """What a customer has in the composer. ``timestamp`` in Unix seconds."""

    author_id: str
    text: str
    timestamp: int


class Page(Struct):
    url: str
    title: str | UnsetType = UNSET
    opened_at: str | UnsetType = UNSET


Payload = dict[str, Any]
