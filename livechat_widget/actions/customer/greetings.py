"""Answering an invitation (Customer Chat API: greetings)."""

from msgspec import Struct

from ...domain import greetings
from ...protocol.fields import Id
from ..registry import Answer, Caller, Nothing
from .registry import ACTIONS


class AcceptGreeting(Struct):
    """The customer takes a greeting up: ``greeting_id`` is its template's."""

    greeting_id: int
    unique_id: Id


@ACTIONS.action
def accept_greeting(caller: Caller, request: AcceptGreeting) -> Answer[Nothing]:
    greetings.accept(caller.customer, request.greeting_id, request.unique_id)
    return Answer()


class CancelGreeting(Struct):
    """The customer closes a greeting."""

    unique_id: Id


@ACTIONS.action
def cancel_greeting(caller: Caller, request: CancelGreeting) -> Answer[Nothing]:
    greetings.cancel(caller.customer, request.unique_id)
    return Answer()


class SendGreetingButtonClicked(Struct):
    """The customer presses a button of a greeting; ``button_id`` is its postback_id."""

    greeting_unique_id: Id
    button_id: Id


@ACTIONS.action
def send_greeting_button_clicked(
    caller: Caller, request: SendGreetingButtonClicked
) -> Answer[Nothing]:
    greetings.press(caller.customer, request.greeting_unique_id, request.button_id)
    return Answer()
