"""Every type of event: who may send it, who hears of it, and what is kept."""

from collections.abc import Callable
from typing import Any

import pytest

from livechat_widget.domain import chats, events
from livechat_widget.errors import NotAllowed
from livechat_widget.models import Event
from livechat_widget.protocol.events import (
    AnyNew,
    FormField,
    KeptFile,
    NewForm,
    NewRichMessage,
)
from livechat_widget.protocol.rich import Button, Element, Image
from tests.cast import Cast
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of
from tests.sockets.messages import message

POSTBACK = {"id": "yes", "thread_id": "T1", "event_id": "E1", "type": "message", "value": "Yes"}
SENT: dict[str, dict[str, Any]] = {
    "message": {"text": "Yes", "postback": POSTBACK},
    "filled_form": {},  # made for each test: it answers a form
    "system_message": {"text": "Ordered <b>", "system_message_type": "shop.ordered"},
    "custom": {"content": {"order": [1, 2.5, None, True, {"ключ": "<b>"}]}},
}
OTHERS: dict[str, dict[str, Any]] = {
    "message": {"text": "Yes"},
    "filled_form": {"fields": []},
    "system_message": {"text": "Ordered <b>", "system_message_type": "shop.paid"},
    "custom": {"content": {"order": [1, 2.5, None, 1, {"ключ": "<b>"}]}},
}
CARD = Element(
    title="A scarf",
    image=Image(url="https://shop.example/scarf.png", alternative_text="A red scarf"),
    buttons=[
        Button(text="Buy", postback_id="buy", type="message", value="I take it", role="primary"),
        Button(text="Look", postback_id="look", type="url", value="https://shop.example/"),
        Button(text="Later", postback_id="later"),
    ],
)
OWN: dict[str, AnyNew] = {
    "rich_message": NewRichMessage(template_id="cards", elements=[CARD]),
    "file": KeptFile(
        name="scarf.png",
        content_type="image/png",
        url="https://shop.example/files/1",
        width=300,
        height=200,
        size=1000,
        thumbnail_url="https://shop.example/files/1/300",
        alternative_text="A red scarf",
    ),
    "form": NewForm(form_id="F1", fields=[FormField(type="name", label="Name", id="1")]),
}


def new(kind: str, cast: Cast) -> dict[str, Any]:
    content = cast.filled_form() if kind == "filled_form" else SENT[kind]
    return {"type": kind, **content}


@pytest.mark.parametrize("kind", SENT)
def test_it_works(connect: Connect, live_cast: Cast, server: Server, kind: str) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, tab, stranger = connect(customer), connect(customer), connect(live_cast.customer())
    sent = new(kind, live_cast)
    event = {"custom_id": "c1", **sent}
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        asked = vera.send("send_event", {"chat_id": chat.pk, "event": event})
        response, push = vera.receive(), vera.receive()
        assert response["success"], response
        assert push["request_id"] == asked
        pushes = [push, tab.push("incoming_event"), console.push("incoming_event")]
    added = {"form_type": "prechat"} if kind == "filled_form" else {}
    author = {} if kind == "system_message" else {"author_id": str(customer.pk)}
    for one in pushes:
        shown = dict(one["payload"]["event"])
        assert shown.pop("id") == response["payload"]["event_id"]
        assert shown.pop("created_at")
        assert shown == {**event, **added, **author}
    row = Event.objects.get(pk=response["payload"]["event_id"])
    assert ({"type": row.type, **row.content}, row.author) == ({**sent, **added}, str(customer.pk))
    assert stranger.pushes() == []


@pytest.mark.parametrize("kind", SENT)
def test_a_retry_is_answered_as_the_first_time_and_another_content_refused(
    connect: Connect, live_cast: Cast, kind: str
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    event = {"custom_id": "c1", **new(kind, live_cast)}
    first = vera.ask_ok("send_event", {"chat_id": chat.pk, "event": event})
    assert vera.ask_ok("send_event", {"chat_id": chat.pk, "event": event}) == first
    for other in ({**event, **OTHERS[kind]}, {**event, "recipients": "agents"}, message("!", "c1")):
        if kind == "message":
            other.pop("postback", None)
        error = vera.error("send_event", {"chat_id": chat.pk, "event": other})
        assert (error["type"], "custom_id" in error["message"]) == ("validation", True)
    assert Event.objects.filter(chat=chat, custom_id="c1").count() == 1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda fields: fields[0].update(id="999999999"), "fields.999999999: there is no such"),
        (lambda fields: fields[0].update(type="question"), "(Name): this is no question"),
        (lambda fields: fields[0].update(answer="a\nb"), "(Name): one line"),
        (lambda fields: fields[1]["answers"][0].update(id="7"), "(Topics): the form has changed"),
        (lambda fields: fields[1]["answers"][0].update(label="I pay"), "(Topics): the form has"),
        (lambda fields: fields.append(fields[0]), ": answer each field once"),
    ],
)
def test_a_form_is_filled_in_as_it_was_asked(
    connect: Connect, live_cast: Cast, change: Callable[[list[Any]], None], path: str
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    event = new("filled_form", live_cast)
    change(event["fields"])
    error = connect(customer).error("send_event", {"chat_id": chat.pk, "event": event})
    assert error["type"] == "validation"
    assert error["message"].startswith("event.fields.")
    assert path in error["message"]
    assert Event.objects.filter(chat=chat).count() == 1


def test_what_is_required_is_answered(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    form = live_cast.form("prechat", {"type": "name", "label": "Name", "required": True})
    event = {"type": "filled_form", "form_id": str(form.pk), "fields": []}
    error = connect(customer).error("send_event", {"chat_id": chat.pk, "event": event})
    assert error["message"].endswith("(Name): an answer is required.")


def test_a_form_keeps_its_own_labels(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    event = new("filled_form", live_cast)
    event["fields"][2]["label"] = "I pay a million"
    sent = connect(customer).ask_ok("send_event", {"chat_id": chat.pk, "event": event})
    row = Event.objects.get(pk=sent["event_id"])
    assert [field["label"] for field in row.content["fields"]] == [
        "Name",
        "Topics",
        "News?",
        "Team",
    ]


@pytest.mark.parametrize("form_id", ["", "F1", "0", "9" * 18, "9" * 19, "-1", "٣", "1 "])
def test_a_form_that_is_not_there_or_not_of_this_organization(
    connect: Connect, live_cast: Cast, form_id: str
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    foreign = Cast().filled_form()
    for event in ({"form_id": form_id, "fields": []}, foreign):
        payload = {"chat_id": chat.pk, "event": {"type": "filled_form", **event}}
        error = vera.error("send_event", payload)
        assert error["type"] == "validation"
        assert "form_id" in error["message"]
    assert Event.objects.filter(chat=chat).count() == 1


@pytest.mark.parametrize("kind", OWN)
def test_what_agents_and_the_site_send_reaches_everybody(
    connect: Connect, live_cast: Cast, server: Server, kind: str
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.join(chat.pk, live_cast.ann)
    vera, stranger = connect(customer), connect(live_cast.customer())
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        row = events.send(chat.pk, live_cast.ann, OWN[kind]).event
        seen = vera.push("incoming_event")["payload"]["event"]
        assert (seen["type"], seen["author_id"]) == (kind, live_cast.ann.public_id)
        assert {key: seen[key] for key in row.content} == row.content
        drawn = console.push("incoming_event")
        assert drawn["payload"]["event"]["author_id"] == live_cast.ann.login
        assert f"lc-event--{kind}" in drawn["html"]
    assert vera.ask_ok("get_chat", {"chat_id": chat.pk})["thread"]["events"][-1] == seen
    last = vera.ask_ok("list_chats")["chats_info"][0]["last_thread_info"]
    last = last["last_event_per_type"][kind]
    assert last["event"] == seen
    assert stranger.pushes() == []


@pytest.mark.parametrize("kind", OWN)
def test_a_customer_sends_none_of_these(connect: Connect, live_cast: Cast, kind: str) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    event = {"type": kind, "url": "https://shop.example/files/1", "form_id": "F1", "fields": []}
    event |= {"template_id": "cards", "elements": [{"title": "A scarf"}]}
    error = connect(customer).error("send_event", {"chat_id": chat.pk, "event": event})
    assert error["type"] == "validation"
    assert "event" in error["message"]
    with pytest.raises(NotAllowed):
        events.send(chat.pk, customer, OWN[kind])
    assert Event.objects.filter(chat=chat).count() == 1


UNANSWERED = {"type": "name", "id": "1"}


def deep(levels: int) -> Any:
    return deep(levels - 1) if levels > 60 else [] if levels < 1 else [deep(levels - 1)]


@pytest.mark.parametrize(
    ("event", "path"),
    [
        ({"type": "message"}, "text"),
        ({"type": "message", "text": "x", "recipients": "nobody"}, "event.recipients"),
        ({"type": "message", "text": "x", "postback": {"id": "a"}}, "event.postback"),
        ({"type": "message", "text": "x", "postback": {**POSTBACK, "value": 1}}, "postback.value"),
        (
            {
                "type": "message",
                "text": "x",
                "postback": {k: v for k, v in POSTBACK.items() if k != "value"},
            },
            "event.postback",
        ),
        ({"type": "file", "url": "https://evil.example/x.png"}, "event.url"),
        ({"type": "filled_form", "form_id": "F1"}, "fields"),
        ({"type": "filled_form", "form_id": "F1", "fields": [{"type": "evil"}]}, "fields[0]"),
        (
            {
                "type": "filled_form",
                "form_id": "F1",
                "fields": [{"type": "name", "id": "1", "answer": {}}],
            },
            "fields[0].answer",
        ),
        (
            {
                "type": "filled_form",
                "form_id": "F1",
                "fields": [{**UNANSWERED, "answer": "x" * 40000}],
            },
            "event.fields",
        ),
        (
            {"type": "filled_form", "form_id": "F1", "fields": [{"type": "name", "id": "1"}] * 101},
            "event.fields",
        ),
        ({"type": "system_message", "text": " ", "system_message_type": "a"}, "event.text"),
        ({"type": "system_message", "text": "x", "system_message_type": "a b"}, "message_type"),
        ({"type": "custom", "content": "x" * 40000}, "event.content"),
        ({"type": "custom", "content": deep(40)}, "event.content"),
        ({"type": "custom", "content": [0] * 1000}, "event.content"),
        ({"type": "custom", "content": {"a": "b\x00"}}, "event.content"),
        ({"type": "custom", "content": {"b\x00": 1}}, "event.content"),
        ({"type": "custom", "content": 10**40}, "event.content"),
        ({"type": "custom", "content": 1e300}, "event.content"),
        ({"type": "annotation", "text": "x"}, "event.type"),
        ({"text": "x"}, "event"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_it_refuses(connect: Connect, live_cast: Cast, event: dict[str, Any], path: str) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    error = connect(customer).error("send_event", {"chat_id": chat.pk, "event": event})
    assert error["type"] == "validation"
    assert path in error["message"]
    assert Event.objects.filter(chat=chat).count() == 1


def test_a_chat_starts_with_events_of_several_types(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    vera = connect(customer)
    first = [new(kind, live_cast) for kind in SENT]
    hidden = {**first[2], "recipients": "agents"}
    payload = {"chat": {"thread": {"events": [*first, hidden]}}}
    started = vera.ask_ok("start_chat", payload)
    shown = vera.push("incoming_chat")["payload"]["chat"]["thread"]["events"]
    assert [event["type"] for event in shown] == list(SENT)
    assert [event["id"] for event in shown] == started["event_ids"][:4]
