"""Who may do what with whose things: a row per action, and what breaks a row."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.db import transaction

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.actions.registry import Answer, Caller
from livechat_widget.delivery import publish
from livechat_widget.domain import chats, events
from livechat_widget.errors import LivechatError
from livechat_widget.models import Chat, Customer
from livechat_widget.protocol.events import NewMessage
from livechat_widget.protocol.versions import LATEST
from tests.cast import Cast
from tests.protocol.stage import BEFORE, fill, set_the_stage


@dataclass(frozen=True)
class Row:
    """``names``: what the request names by an id that somebody else may have learnt; without one it
    is about the caller alone. ``ended``: how it is refused in a chat that has ended."""

    names: str = ""
    ended: str = ""


OF_A_CHAT = Row("chat")
ROWS = {
    "start_chat": Row(),
    "resume_chat": OF_A_CHAT,
    "deactivate_chat": Row("chat", ended="chat_inactive"),
    "list_chats": Row(),
    "list_threads": OF_A_CHAT,
    "get_chat": OF_A_CHAT,
    "get_customer": Row(),
    "update_customer": Row(),
    "set_customer_session_fields": Row(),
    "update_customer_page": Row(),
    "send_event": Row("chat", ended="chat_inactive"),
    "mark_events_as_seen": OF_A_CHAT,
    "send_rich_message_postback": Row("event", ended="chat_inactive"),
    "send_sneak_peek": Row("chat", ended="chat_inactive"),
    "get_form": Row(),
    "get_url_info": Row(),
    "accept_greeting": Row("greeting"),
    "cancel_greeting": Row("greeting"),
    "list_group_statuses": Row(),
    "get_predicted_agent": Row(),
    "delete_event": Row("event"),
    "request_welcome_message": Row(),
    "send_greeting_button_clicked": Row("greeting"),
    "activate_customer_page": Row(),
    "deactivate_customer_page": Row(),
    "update_chat_properties": OF_A_CHAT,
    "delete_chat_properties": OF_A_CHAT,
    "update_thread_properties": OF_A_CHAT,
    "delete_thread_properties": OF_A_CHAT,
    "update_event_properties": Row("event"),
    "delete_event_properties": Row("event"),
}
# What the answer may differ in: ids that were asked for, and that were drawn.
_IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[A-Z0-9]{10}\b|\b\d{4,}\b")


def ask(action: str, customer: Customer, real: dict[str, str]) -> Any:
    """The answer's payload, or the error as it is on the wire."""
    found = ACTIONS[action]
    caller = Caller(customer, LATEST)
    try:
        asked = found.decode(json.dumps(fill(action, real)).encode())
        answer: Answer[Any] = found.run(caller, asked)
    except LivechatError as error:
        return error.as_wire()
    return answer.payload


def stage(action: str, cast: Cast, customer: Customer) -> dict[str, str]:
    """What the action needs, of this customer; what it deletes is there."""
    real = set_the_stage(action, cast, customer)
    if action in BEFORE:
        ask(BEFORE[action], customer, real)
    return real


def absent(real: dict[str, str]) -> dict[str, str]:
    """Ids of the same shape, which nothing has; times stay."""
    return {shown: one if ":" in one else _another(one) for shown, one in real.items()}


def without_ids(answer: Any) -> str:
    return _IDS.sub("ID", json.dumps(answer, sort_keys=True, default=str))


def rows() -> dict[str, list[Any]]:
    """Everything that is stored, of everybody."""
    models = apps.get_app_config("livechat_widget").get_models()
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


@contextmanager
def undone() -> Iterator[list[Any]]:
    """What is stored in the block is gone after it; gives what is announced meanwhile."""
    with transaction.atomic(), publish.collected() as news:
        yield news
        transaction.set_rollback(True)


def strangers(cast: Cast) -> dict[str, Customer]:
    """Others, who have a chat of their own: next door, and in another organization."""
    other = Cast()
    found = {"another customer": cast.customer(), "another organization": other.customer()}
    for whose, customer in zip((cast, other), found.values(), strict=True):
        chats.join(whose.chat(customer).pk, whose.ann)
    return found


def broken(cast: Cast) -> list[str]:
    """Every cell in which somebody may do, change or learn what is not theirs."""
    found = []
    for name, wrong_of in _cells():
        with undone():
            if wrong := wrong_of(cast):
                found.append(f"{name}: {wrong}")
    return found


def _cells() -> Iterator[tuple[str, Callable[[Cast], str]]]:
    for action, row in ROWS.items():
        for who in ("another customer", "another organization"):
            yield f"{action} by {who}", partial(_wrong_of_a_stranger, action, row, who)
        if row.names == "event":
            yield f"{action} of what is for agents", partial(_wrong_of_what_is_hidden, action)
    for verb in ("update", "delete"):
        yield f"{verb} an agent's event", partial(_wrong_of_what_another_wrote, verb)
        for level in ("chat", "thread", "event"):
            yield f"{verb} what is the system's", partial(_wrong_of_what_is_ours, verb, level)


def _wrong_of_a_stranger(action: str, row: Row, who: str, cast: Cast) -> str:
    customer = cast.customer()
    real = stage(action, cast, customer)
    stranger = strangers(cast)[who]
    if not row.names:
        mine = rows_of(customer)
        ask(action, stranger, real)
        return "" if rows_of(customer) == mine else "it changed what is another's"
    before = rows()
    with publish.collected() as news:
        foreign = ask(action, stranger, real)
    if rows() != before or news:
        return "it did something"
    nothing = ask(action, stranger, absent(real))
    if not isinstance(nothing, dict) or not nothing["type"].endswith("not_found"):
        return f"an absent {row.names} is answered with {nothing}"
    if without_ids(foreign) != without_ids(nothing):
        return f"a foreign {row.names} is answered with {foreign}, an absent one with {nothing}"
    return ""


def _wrong_of_what_is_hidden(action: str, cast: Cast) -> str:
    customer = cast.customer()
    real = stage(action, cast, customer)
    chat = Chat.objects.get(customer=customer)
    hidden = events.send(chat.pk, cast.ann, NewMessage(text="Hm", recipients="agents")).event
    own = next(one for one in real.values() if len(one) == len(str(hidden.pk)))
    real = {shown: str(hidden.pk) if one == own else one for shown, one in real.items()}
    found, nothing = ask(action, customer, real), ask(action, customer, {**real, **_no_event(real)})
    return "" if without_ids(found) == without_ids(nothing) else f"it is answered with {found}"


def _wrong_of_what_another_wrote(verb: str, cast: Cast) -> str:
    customer = cast.customer()
    chat = cast.chat(customer)
    event = cast.reply(chat, "Hello")
    given = {"update": {"test": {"string_property": "a"}}, "delete": {"test": ["string_property"]}}
    return _refused(f"{verb}_event_properties", customer, given[verb], chat, str(event.pk))


def _wrong_of_what_is_ours(verb: str, level: str, cast: Cast) -> str:
    """Properties that only the system writes."""
    customer = cast.customer()
    chat = cast.chat(customer)
    event = events.send(chat.pk, customer, NewMessage(text="Hi")).event
    given = {"update": {"source": {"client_id": "a"}}, "delete": {"source": ["client_id"]}}
    return _refused(f"{verb}_{level}_properties", customer, given[verb], chat, str(event.pk))


def _refused(action: str, customer: Customer, given: Any, chat: Chat, event_id: str) -> str:
    ids = {"id": chat.pk, "chat_id": chat.pk, "thread_id": chat.last_thread_id}
    ids["event_id"] = event_id
    found, caller = ACTIONS[action], Caller(customer, LATEST)
    payload = json.dumps({**ids, "properties": given}).encode()
    try:
        found.run(caller, found.decode(payload))
    except LivechatError as error:
        return "" if error.type == "authorization" else f"it is refused with {error.as_wire()}"
    return "it was done"


def _no_event(real: dict[str, str]) -> dict[str, str]:
    return {shown: _another(one) for shown, one in real.items() if one.count("-") == 4}


def rows_of(customer: Customer) -> dict[str, list[Any]]:
    """What is stored about one customer, and what was said to them."""
    paths = {
        "Customer": "pk",
        "Stream": "customer",
        "StreamEntry": "stream__customer",
        "Chat": "customer",
        "ChatUser": "chat__customer",
        "Thread": "chat__customer",
        "Event": "chat__customer",
        "Greeting": "customer",
    }
    found = {}
    for name, path in paths.items():
        model = apps.get_model("livechat_widget", name)
        found[name] = list(
            model._base_manager.filter(**{path: customer.pk}).order_by("pk").values()
        )
    return found


def _another(one: str) -> str:
    """The same shape: other digits and letters."""
    if one.isdecimal():
        return str(10**6 + int(one))
    return one[:-4] + ("ABCD" if one[-4:].isupper() or one.isupper() else "0bad")
