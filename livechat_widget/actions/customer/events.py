"""Sending events and marking them as seen (Customer Chat API: events)."""

import msgspec
from msgspec import UNSET, Struct, UnsetType

from ...delivery import present
from ...domain import edits, typing
from ...domain.batch import Done, MarkAsSeen, Send, Sent
from ...errors import ValidationFailed
from ...models import Event
from ...protocol.events import Ecommerce, NewEvent
from ...protocol.fields import Id, Text
from ...protocol.pushes import IncomingEvent
from ...protocol.times import parse_time
from ...protocol.views import View
from ..registry import Answer, Caller, Nothing
from .registry import ACTIONS


class SendEvent(Struct, kw_only=True):
    """Say something; ``attach_to_last_thread`` also takes an event for a chat that ended."""

    chat_id: Id
    event: NewEvent
    attach_to_last_thread: bool = False


class EventSent(Struct):
    event_id: str


def _answer_sent(sent: Sent) -> Answer[EventSent]:
    """What is for agents alone comes to no stream of a customer's: its asker is told apart."""
    payload = EventSent(str(sent.event.pk))
    if not sent.repeated and sent.event.visibility == Event.Visibility.ALL:
        return Answer(payload, settles=(sent.stream_id, sent.seq))
    push = IncomingEvent(
        chat_id=sent.event.chat_id,
        thread_id=sent.event.thread_id,
        event=present.event(sent.event, None, View.CUSTOMER),
    )
    return Answer(payload, repeat=push)


@ACTIONS.command(_answer_sent)
def send_event(caller: Caller, request: SendEvent) -> Send:
    return Send(request.chat_id, caller.customer, request.event, request.attach_to_last_thread)


class DeleteEvent(Struct, kw_only=True):
    """Take back what the customer has sent: it is in no answer and no push any more."""

    chat_id: Id
    thread_id: Id
    event_id: Id


@ACTIONS.action
def delete_event(caller: Caller, request: DeleteEvent) -> Answer[Nothing]:
    edits.delete(request.chat_id, request.thread_id, request.event_id, caller.customer)
    return Answer()


class MarkEventsAsSeen(Struct):
    """The customer has read up to ``seen_up_to``, the created_at of the last event seen."""

    chat_id: Id
    seen_up_to: Text


def _answer_marked(done: Done) -> Answer[Nothing]:
    return Answer()


@ACTIONS.command(_answer_marked)
def mark_events_as_seen(caller: Caller, request: MarkEventsAsSeen) -> MarkAsSeen:
    try:
        moment = parse_time(request.seen_up_to)
    except ValueError as error:
        raise ValidationFailed(f"payload.seen_up_to: {error}.") from error
    return MarkAsSeen(request.chat_id, caller.customer, moment)


class NewPostback(Struct, kw_only=True):
    """A button, by its postback_id, and whether it is to be on."""

    id: Id
    toggled: bool = True
    ecommerce: Ecommerce | UnsetType = UNSET


class SendRichMessagePostback(Struct, kw_only=True):
    """Press a button of a rich message, or release it: it then holds the customer's id, or not.

    The thread has to be active. A second time changes nothing.
    """

    chat_id: Id
    thread_id: Id
    event_id: Id
    postback: NewPostback


@ACTIONS.action
def send_rich_message_postback(caller: Caller, request: SendRichMessagePostback) -> Answer[Nothing]:
    postback = request.postback
    place = (request.chat_id, request.thread_id, request.event_id)
    bought = msgspec.to_builtins(postback.ecommerce) if postback.ecommerce else None
    edits.press(*place, caller.customer, postback.id, toggled=postback.toggled, ecommerce=bought)
    return Answer()


class SendSneakPeek(Struct):
    """What the customer has in the composer, for agents to see."""

    chat_id: Id
    sneak_peek_text: Text


@ACTIONS.action
def send_sneak_peek(caller: Caller, request: SendSneakPeek) -> Answer[Nothing]:
    typing.peek(request.chat_id, caller.customer, request.sneak_peek_text)
    return Answer()
