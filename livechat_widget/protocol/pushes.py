"""The payload of every push, one class each; ``PUSHES`` is the list."""

from typing import ClassVar, Literal

from msgspec import UNSET, Struct, UnsetType

from .events import Ecommerce, Event, UnsentMessage
from .fields import Properties, PropertyNames
from .objects import (
    Address,
    Agent,
    Chat,
    Greeting,
    GroupState,
    Omnichannel,
    Queue,
    SneakPeek,
    TypingIndicator,
    User,
)

Reason = Literal[
    "access_token_expired",
    "access_token_revoked",
    "connection_evicted",
    "connection_timeout",
    "customer_banned",
    "customer_temporarily_blocked",
    "inactivity_timeout",
    "internal_error",
    "license_expired",
    "license_not_found",
    "logged_out_remotely",
    "misdirected_connection",
    "product_version_changed",
    "service_temporarily_unavailable",
    "too_many_connections",
    "too_many_unauthorized_connections",
    "unsupported_version",
]


class Push(Struct):
    action: ClassVar[str]


class IncomingChat(Push, kw_only=True):
    """A chat was started or resumed."""

    action: ClassVar = "incoming_chat"
    requester_id: str | UnsetType = UNSET
    chat: Chat


class ChatDeactivated(Push, kw_only=True):
    """The active thread ended; ``user_id`` is who ended it."""

    action: ClassVar = "chat_deactivated"
    chat_id: str
    thread_id: str
    user_id: str | UnsetType = UNSET


class UserAddedToChat(Push, kw_only=True):
    """An agent came."""

    action: ClassVar = "user_added_to_chat"
    chat_id: str
    thread_id: str | UnsetType = UNSET
    user: User
    reason: str
    requester_id: str | UnsetType = UNSET


class UserRemovedFromChat(Push, kw_only=True):
    """An agent went."""

    action: ClassVar = "user_removed_from_chat"
    chat_id: str
    thread_id: str | UnsetType = UNSET
    user_id: str
    reason: str
    requester_id: str | UnsetType = UNSET


class IncomingEvent(Push, kw_only=True):
    """Something was said; also what the system notes."""

    action: ClassVar = "incoming_event"
    chat_id: str
    thread_id: str
    event: Event


class EventUpdated(Push, kw_only=True):
    """An event says something else than before."""

    action: ClassVar = "event_updated"
    chat_id: str
    thread_id: str
    event: Event


class EventDeleted(Push, kw_only=True):
    """An event is gone; its number in the log says the same to who comes later."""

    action: ClassVar = "event_deleted"
    chat_id: str
    thread_id: str
    event_id: str


class Pressed(Struct):
    """A button, and whether it is pressed now; its type and value where it has them."""

    id: str
    toggled: bool
    button_type: str | UnsetType = UNSET
    button_value: str | UnsetType = UNSET
    ecommerce: Ecommerce | UnsetType = UNSET


class IncomingRichMessagePostback(Push, kw_only=True):
    """Somebody pressed a button of a rich message, or released it."""

    action: ClassVar = "incoming_rich_message_postback"
    user_id: str
    chat_id: str
    thread_id: str
    event_id: str
    postback: Pressed


class EventsMarkedAsSeen(Push, kw_only=True):
    """Somebody has read up to there."""

    action: ClassVar = "events_marked_as_seen"
    user_id: str
    chat_id: str
    seen_up_to: str


class ChatPropertiesUpdated(Push, kw_only=True):
    """Properties of the chat were written: what changed, and the reader may see."""

    action: ClassVar = "chat_properties_updated"
    chat_id: str
    properties: Properties


class ChatPropertiesDeleted(Push, kw_only=True):
    """Properties of the chat were deleted: those that the reader could see."""

    action: ClassVar = "chat_properties_deleted"
    chat_id: str
    properties: PropertyNames


class ThreadPropertiesUpdated(Push, kw_only=True):
    """Properties of a thread were written: what changed, and the reader may see."""

    action: ClassVar = "thread_properties_updated"
    chat_id: str
    thread_id: str
    properties: Properties


class ThreadPropertiesDeleted(Push, kw_only=True):
    """Properties of a thread were deleted: those that the reader could see."""

    action: ClassVar = "thread_properties_deleted"
    chat_id: str
    thread_id: str
    properties: PropertyNames


class EventPropertiesUpdated(Push, kw_only=True):
    """Properties of an event were written: what changed, and the reader may see."""

    action: ClassVar = "event_properties_updated"
    chat_id: str
    thread_id: str
    event_id: str
    properties: Properties


class EventPropertiesDeleted(Push, kw_only=True):
    """Properties of an event were deleted: those that the reader could see."""

    action: ClassVar = "event_properties_deleted"
    chat_id: str
    thread_id: str
    event_id: str
    properties: PropertyNames


class CustomerUpdated(Push, kw_only=True):
    """The customer is another than before in this; only what changed."""

    action: ClassVar = "customer_updated"
    id: str
    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    avatar: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    omnichannel: Omnichannel | UnsetType = UNSET
    session_fields: list[dict[str, str]] | UnsetType = UNSET


class CustomerPageUpdated(Push, kw_only=True):
    """The customer is on another page. To agents, who watch many, ``customer_id`` is told, and
    whether it is ``active``: in front, where a client has said so."""

    action: ClassVar = "customer_page_updated"
    customer_id: str | UnsetType = UNSET
    url: str
    title: str | UnsetType = UNSET
    opened_at: str
    active: bool | UnsetType = UNSET


class CustomerSideStorageUpdated(Push):
    """What the client keeps, and gives back with its next login."""

    action: ClassVar = "customer_side_storage_updated"
    customer_side_storage: dict[str, str]


class DisconnectionData(Struct):
    """``region``: where the organization is; ``timeout``: the seconds until one may come back."""

    region: str | UnsetType = UNSET
    timeout: int | UnsetType = UNSET


class CustomerDisconnected(Push, kw_only=True):
    """The server is about to close this connection. ``data`` where the reason has some."""

    action: ClassVar = "customer_disconnected"
    reason: Reason
    data: DisconnectionData | UnsetType = UNSET


class GroupsStatusUpdated(Push):
    """Only the groups whose status changed, the customer's own first."""

    action: ClassVar = "groups_status_updated"
    groups: list[GroupState]


class GroupsUpdate(Struct):
    """Holds the customer's own group alone: published clients take the first for it."""

    groups: list[GroupState]
    name: Literal["groups_update"] = "groups_update"


class IncomingMulticast(Push):
    """How a changed status is told to clients that do not know ``groups_status_updated``."""

    action: ClassVar = "incoming_multicast"
    content: GroupsUpdate
    type: Literal["lc2"] = "lc2"


class IncomingGreeting(Push, Greeting, kw_only=True):
    """Shown from now on, in place of an earlier one."""

    action: ClassVar = "incoming_greeting"


class GreetingAccepted(Push, kw_only=True):
    """The customer took it up."""

    action: ClassVar = "greeting_accepted"
    unique_id: str


class GreetingCanceled(Push, kw_only=True):
    """It is gone: the customer closed it, or another one came."""

    action: ClassVar = "greeting_canceled"
    unique_id: str


class IncomingTypingIndicator(Push, kw_only=True):
    """Somebody is typing, or stopped."""

    action: ClassVar = "incoming_typing_indicator"
    chat_id: str
    thread_id: str
    typing_indicator: TypingIndicator


class IncomingThinkingIndicator(Push, kw_only=True):
    """Somebody, such as a program, works on an answer. Lapses by itself."""

    action: ClassVar = "incoming_thinking_indicator"
    chat_id: str
    thread_id: str
    author_id: str
    sent_at: str
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    custom_id: str | UnsetType = UNSET


class IncomingEventPreview(Push, kw_only=True):
    """What is being written, as far as it is; the event itself follows, or does not."""

    action: ClassVar = "incoming_event_preview"
    chat_id: str
    thread_id: str
    event: UnsentMessage


class IncomingWelcomeMessage(Push, kw_only=True):
    """What ``request_welcome_message`` asked for, under the same ``id``; it is in no chat."""

    action: ClassVar = "incoming_welcome_message"
    id: str
    event: UnsentMessage


class IncomingSneakPeek(Push, kw_only=True):
    """What the customer has in the composer; for agents only."""

    action: ClassVar = "incoming_sneak_peek"
    chat_id: str
    thread_id: str
    sneak_peek: SneakPeek


class QueuePositionUpdated(Push, kw_only=True):
    """The customer waits at another place, or for another time; without ``queued_at``."""

    action: ClassVar = "queue_position_updated"
    chat_id: str
    thread_id: str
    queue: Queue


class SyncReset(Push):
    """Ours: the cursor cannot be served from the log; read the chat afresh."""

    action: ClassVar = "sync_reset"


class Goodbye(Push):
    """Ours: this process stops as planned; come back after so many milliseconds.

    The socket closes with 4012.
    """

    action: ClassVar = "goodbye"
    reconnect_after_ms: int


PUSHES: dict[str, type[Push]] = {push.action: push for push in Push.__subclasses__()}

__all__ = ["PUSHES", "Agent", "Push", *(push.__name__ for push in PUSHES.values())]
