"""Properties over a socket: answers, who hears of a change, and who does not."""

from typing import Any

import pytest

from livechat_widget.domain import properties
from livechat_widget.models import Chat, Event, StreamEntry, Thread
from tests.cast import Cast
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of
from tests.sockets.messages import message, opening

GIVEN = {"test": {"int_property": 7, "string_property": "<b>"}}
NAMES = {"test": ["int_property"]}
LOCATIONS = ["chat", "thread", "event"]


def ids_of(location: str, chat: Chat, event: Event) -> dict[str, str]:
    """How a request names the place."""
    if location == "chat":
        return {"id": chat.pk}
    ids = {"chat_id": chat.pk, "thread_id": event.thread_id}
    return {**ids, "event_id": str(event.pk)} if location == "event" else ids


def kept(location: str, chat: Chat, event: Event) -> dict[str, Any]:
    models = {"chat": (Chat, chat.pk), "thread": (Thread, event.thread_id)}
    model, key = models.get(location, (Event, event.pk))
    return model.objects.get(pk=key).properties


@pytest.mark.parametrize("location", LOCATIONS)
def test_it_works(connect: Connect, live_cast: Cast, server: Server, location: str) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    event = Event.objects.get(chat=chat)
    vera, tab, stranger = connect(customer), connect(customer), connect(live_cast.customer())
    ids = ids_of(location, chat, event)
    told = {"chat_id": ids.pop("id"), **ids} if location == "chat" else ids
    ids = ids_of(location, chat, event)
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        assert vera.ask_ok(f"update_{location}_properties", {**ids, "properties": GIVEN}) == {}
        assert kept(location, chat, event) == GIVEN
        for client in (vera, tab, console):
            push = client.push(f"{location}_properties_updated")
            assert push["payload"] == {**told, "properties": GIVEN}
            assert "request_id" not in push
        assert vera.ask_ok(f"delete_{location}_properties", {**ids, "properties": NAMES}) == {}
        assert kept(location, chat, event) == {"test": {"string_property": "<b>"}}
        for client in (vera, tab, console):
            push = client.push(f"{location}_properties_deleted")
            assert push["payload"] == {**told, "properties": NAMES}
            assert "request_id" not in push
    assert stranger.pushes() == []


@pytest.mark.parametrize("location", LOCATIONS)
def test_it_answers_first_and_numbers_the_push(
    connect: Connect, live_cast: Cast, location: str
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    ids = ids_of(location, chat, Event.objects.get(chat=chat))
    asked = vera.send(f"update_{location}_properties", {**ids, "properties": GIVEN})
    response, push = vera.receive(), vera.receive()
    assert (response["type"], response["request_id"]) == ("response", asked)
    assert push["seq"] == vera.login["sync"]["seq"] + 1


@pytest.mark.parametrize("location", LOCATIONS)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_it_gives_the_same_error_for_what_is_foreign_and_what_is_not_there(
    connect: Connect, live_cast: Cast, location: str, verb: str
) -> None:
    chat = live_cast.chat(live_cast.customer())
    event = Event.objects.get(chat=chat)
    stranger = connect(live_cast.customer())
    foreign = ids_of(location, chat, event)
    absent = dict.fromkeys(foreign, "NOWHERE")
    action, payload = f"{verb}_{location}_properties", GIVEN if verb == "update" else NAMES
    errors = [stranger.error(action, {**ids, "properties": payload}) for ids in (foreign, absent)]
    assert errors[0] == errors[1]
    assert errors[0]["type"] == "not_found"
    assert kept(location, chat, event) == {}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("test", "validation"),
        ([], "validation"),
        ({"test": 1}, "validation"),
        ({"test": []}, "validation"),
        ({"test": {}}, "validation"),
        ({"test": {"int_property": 1.5}}, "validation"),
        ({"test": {"int_property": None}}, "validation"),
        ({"test": {"int_property": 2**31}}, "validation"),
        ({"test": {"int_property": 10**40}}, "validation"),
        ({"test": {"bool_property": 1}}, "validation"),
        ({"test": {"string_property": {"$ne": ""}}}, "validation"),
        ({"test": {"string_property": "a\x00b"}}, "validation"),
        ({"test": {"string_property": "x" * 5000}}, "validation"),
        ({"test\x00": {"string_property": "x"}}, "validation"),
        ({"__proto__": {"polluted": True}}, "validation"),
        ({"constructor": {"prototype": "x"}}, "validation"),
        ({"test": {"__class__": "x"}}, "validation"),
        ({"test": {"a.b": "x"}}, "validation"),
        ({f"n{number}": {"a": 1} for number in range(1000)}, "validation"),
        ({"test": {f"k{number}": 1 for number in range(4000)}}, "validation"),
        ({"routing": {"continuous": True}}, "authorization"),
        ({"routing": {"pinned": True}}, "authorization"),
        ({"source": {"client_id": "me"}}, "authorization"),
        ({"rating": {"score": 2}}, "validation"),
        ({"rating": {"score": -1}}, "validation"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_it_refuses(connect: Connect, live_cast: Cast, given: Any, kind: str) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    error = vera.error("update_chat_properties", {"id": chat.pk, "properties": given})
    assert error["type"] == kind
    assert "properties" in error["message"]
    assert kept("chat", chat, Event.objects.get(chat=chat)) == {}
    assert StreamEntry.objects.filter(stream=customer.stream).count() == 1


def test_a_customer_deletes_only_what_it_may_write(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    Chat.objects.filter(pk=chat.pk).update(properties={"routing": {"pinned": True}})
    payload = {"id": chat.pk, "properties": {"routing": ["pinned"]}}
    assert connect(customer).error("delete_chat_properties", payload)["type"] == "authorization"
    assert kept("chat", chat, Event.objects.get(chat=chat)) == {"routing": {"pinned": True}}


def test_what_is_for_agents_reaches_the_console_alone(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        place = properties.Place(chat.pk)
        properties.update(place, live_cast.ann, {"routing": {"pinned": True}})
        push = console.push("chat_properties_updated")
        assert push["payload"]["properties"] == {"routing": {"pinned": True}}
    assert vera.pushes() == []
    assert "pinned" not in str(vera.ask_ok("get_chat", {"chat_id": chat.pk}))
    assert "pinned" not in str(vera.ask_ok("list_chats"))


def test_a_chat_is_started_and_resumed_with_properties(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    vera = connect(customer)
    payload = opening(message("Hi") | {"properties": GIVEN})
    payload["chat"]["properties"] = GIVEN
    payload["chat"]["thread"]["properties"] = {"routing": {"offline_message": True}}
    started = vera.ask_ok("start_chat", payload)
    chat = vera.push("incoming_chat")["payload"]["chat"]
    assert chat["properties"] == {**GIVEN, "routing": {"continuous": False}}
    assert chat["thread"]["properties"]["routing"]["offline_message"] is True
    assert chat["thread"]["events"][0]["properties"] == GIVEN
    vera.ask_ok("deactivate_chat", {"id": started["chat_id"]})
    again = {"id": started["chat_id"], "properties": {"test": {"bool_property": True}}}
    vera.ask_ok("resume_chat", {"chat": again})
    chat = vera.push("incoming_chat")["payload"]["chat"]
    assert chat["properties"]["test"] == {**GIVEN["test"], "bool_property": True}
    assert "offline_message" not in chat["thread"]["properties"]["routing"]


def test_an_event_is_sent_with_properties(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, tab = connect(customer), connect(customer)
    event = message("Hi") | {"properties": GIVEN}
    vera.ask_ok("send_event", {"chat_id": chat.pk, "event": event})
    assert tab.push("incoming_event")["payload"]["event"]["properties"] == GIVEN
    wrong = message("Hi") | {"properties": {"lc2": {"welcome_message": True}}}
    error = vera.error("send_event", {"chat_id": chat.pk, "event": wrong})
    assert error["type"] == "authorization"
