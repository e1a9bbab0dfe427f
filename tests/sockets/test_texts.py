"""Texts that break careless programs, in every place that takes one: as they were, or refused."""

from collections.abc import Callable
from typing import Any

import pytest

from livechat_widget.domain import chats
from livechat_widget.models import Chat, Customer, Event
from tests.cast import Cast
from tests.clients import Client
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of
from tests.sockets.messages import message

NAUGHTY = [
    "a\x00b",
    "\x01\x02\x07\x08\x0b\x0c\x0e\x1b[31mred\x1b[0m\x7f",
    "\x80\x85\x9f\xa0\xad",
    "\ufeffmarked\ufffe\uffff",
    "line\r\nfeed\u2028and\u2029more\n\n",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200e\u200f",
    "zero\u200bwidth\u200d\u200cjoiners\u2060",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏿 🇺🇳 \U0001f9d1\u200d\U0001f4bb",
    "e" + "\u0301" * 1000,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "caf\u00e9 cafe\u0301 ﬁ Å Å",
    "раypal.com аdmin ｆｕｌｌ",
    "مرحبا שלום नमस्ते 田中さん ไทย",
    "\U00020000\U0010ffff\U0001f4a9",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'`--></style></textarea></title>{{ 7*7 }}{% debug %}${7*7}",
    "javascript:alert(1) data:text/html,x vbscript:x",
    "'; DROP TABLE livechat_widget_event; --",
    "%s %d %n %x %(name)s {0} {name} \\x41 \\u0041 \\",
    "../../../../etc/passwd\\..\\..\\windows",
    "=cmd|' /C calc'!A0",
    "undefined null NaN true None nil (null) Infinity -0 1e400",
    "http://a.example/" + "x" * 900,
    "W" * 900,
    " \t leading and trailing \t ",
]
Put = Callable[[Client, Chat, str], Any]


def _message(client: Client, chat: Chat, text: str) -> Any:
    return client.ask(
        "send_event", {"chat_id": chat.pk, "event": {"type": "message", "text": text}}
    )


def _note(client: Client, chat: Chat, text: str) -> Any:
    event = {"type": "system_message", "text": text, "system_message_type": "shop.note"}
    return client.ask("send_event", {"chat_id": chat.pk, "event": event})


def _custom(client: Client, chat: Chat, text: str) -> Any:
    event = {"type": "custom", "content": {text: [text]}}
    return client.ask("send_event", {"chat_id": chat.pk, "event": event})


def _custom_id(client: Client, chat: Chat, text: str) -> Any:
    event = {"type": "message", "text": "Hi", "custom_id": text}
    return client.ask("send_event", {"chat_id": chat.pk, "event": event})


def _name(client: Client, chat: Chat, text: str) -> Any:
    return client.ask("update_customer", {"name": text})


def _session_fields(client: Client, chat: Chat, text: str) -> Any:
    return client.ask("set_customer_session_fields", {"session_fields": [{"field": text}]})


def _page(client: Client, chat: Chat, text: str) -> Any:
    return client.ask("update_customer_page", {"url": "https://a.example/", "title": text})


def _property(client: Client, chat: Chat, text: str) -> Any:
    given = {"test": {"string_property": text}}
    return client.ask("update_chat_properties", {"id": chat.pk, "properties": given})


def _comment(client: Client, chat: Chat, text: str) -> Any:
    given = {"rating": {"score": 0, "comment": text}}
    return client.ask("update_chat_properties", {"id": chat.pk, "properties": given})


def _sneak_peek(client: Client, chat: Chat, text: str) -> Any:
    return client.ask("send_sneak_peek", {"chat_id": chat.pk, "sneak_peek_text": text})


def _last(chat: Chat) -> dict[str, Any]:
    newest = Event.objects.filter(chat=chat).latest("created_at")
    return {**newest.content, "custom_id": newest.custom_id}


def _customer(chat: Chat) -> Customer:
    return Customer.objects.get(pk=chat.customer_id)


def _properties(chat: Chat) -> Any:
    return Chat.objects.get(pk=chat.pk).properties


# How it is sent, and where it then is; nowhere for what is not kept.
SINKS: dict[str, tuple[Put, Callable[[Chat, str], Any]]] = {
    "message": (_message, lambda chat, text: _last(chat)["text"]),
    "system message": (_note, lambda chat, text: _last(chat)["text"]),
    "custom event": (_custom, lambda chat, text: _last(chat)["content"][text][0]),
    "custom id": (_custom_id, lambda chat, text: _last(chat)["custom_id"]),
    "name": (_name, lambda chat, text: _customer(chat).name),
    "session field": (
        _session_fields,
        lambda chat, text: _customer(chat).session_fields[0]["field"],
    ),
    "title": (_page, lambda chat, text: _customer(chat).page["title"]),
    "property": (_property, lambda chat, text: _properties(chat)["test"]["string_property"]),
    "comment": (_comment, lambda chat, text: _properties(chat)["rating"]["comment"]),
    "sneak peek": (_sneak_peek, lambda chat, text: text),
}


@pytest.mark.parametrize("sink", SINKS)
def test_a_text_stays_what_it_was_or_is_refused(
    connect: Connect, server: Server, live_cast: Cast, sink: str
) -> None:
    put, kept = SINKS[sink]
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.join(chat.pk, live_cast.ann)
    client = connect(customer, login={"fragments": "en"})
    client.sends_anything = True
    taken = 0
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        for text in NAUGHTY:
            answer = put(client, chat, text)
            if answer["success"]:
                taken += 1
                assert kept(chat, text) == text
            else:
                assert answer["payload"]["error"]["type"] == "validation", (text, answer)
            assert "\x00" not in text or not answer["success"]
        # Everybody who draws it goes on drawing.
        client.ask_ok("send_event", {"chat_id": chat.pk, "event": message(".")})
        while ">.<" not in console.push("incoming_event").get("html", ""):
            pass
    assert taken > len(NAUGHTY) / 2 or sink == "custom id"
