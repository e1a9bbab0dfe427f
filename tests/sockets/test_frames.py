"""Whatever a client sends, it gets an answer and keeps its connection."""

import json

import pytest

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.protocol.versions import LATEST
from tests.cast import Cast
from tests.sockets.conftest import Connect
from tests.sockets.messages import message

BAD_FRAMES = [
    "",
    "{",
    "[]",
    "null",
    '"x"',
    "1" * 5000,
    "{}",
    '{"action": 1}',
    '{"action": {}, "request_id": "r"}',
    '{"action": "ping", "request_id": 1}',
    '{"action": "get_chat", "payload": NaN}',
    '{"action": "get_customer"} trailing',
    '{"action": "\\ud800"}',
    "[" * 10_000,
    '{"action": "get_chat", "payload": ' + "[" * 2000 + "]" * 2000 + "}",
    "x" * 70_000,
    b"\xff\xfe",
    b"{}",
]


@pytest.mark.parametrize("frame", BAD_FRAMES, ids=range(len(BAD_FRAMES)))
def test_it_refuses_a_bad_frame(connect: Connect, live_cast: Cast, frame: str | bytes) -> None:
    client = connect(live_cast.customer())
    client.socket.send(frame)
    answer = client.receive()
    assert answer["type"] == "response"
    assert answer["payload"]["error"]["type"] == "validation"
    assert client.ask("ping")["success"]


def test_it_names_the_request_that_was_wrong(connect: Connect, live_cast: Cast) -> None:
    client = connect(live_cast.customer())
    client.socket.send('{"action": "get_chat", "request_id": "r9", "payload": {"chat_id": 1}}')
    answer = client.receive()
    assert (answer["request_id"], answer["action"]) == ("r9", "get_chat")
    assert answer["payload"]["error"] == {
        "type": "validation",
        "message": "payload: Expected `str`, got `int` - at `$.chat_id`",
    }


def test_it_ignores_unknown_fields(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    client = connect(customer)
    client.sends_anything = True
    event = {**message(), "opts": {}, "author_id": "me"}
    payload = {"chat_id": chat.pk, "event": event, "recipients": "all"}
    assert client.ask_ok("send_event", payload, author_id="somebody")
    assert client.push("incoming_event")["payload"]["event"]["author_id"] == str(customer.pk)


@pytest.mark.parametrize("action", ["", "no_such_action", "__init__", "log_in", "x" * 1000])
def test_it_refuses_an_unknown_action(connect: Connect, live_cast: Cast, action: str) -> None:
    client = connect(live_cast.customer())
    assert client.error(action)["type"] == "validation"


@pytest.mark.parametrize("action", sorted(ACTIONS))
@pytest.mark.parametrize("payload", [None, [], "x", 1, True, {"chat_id": []}, {"chat": 1}])
def test_no_payload_breaks_an_action(
    connect: Connect, live_cast: Cast, action: str, payload: object
) -> None:
    client = connect(live_cast.customer())
    client.socket.send(json.dumps({"action": action, "request_id": "r", "payload": payload}))
    answer = client.wait(lambda frame: frame.get("request_id") == "r")
    assert answer["type"] == "response"
    assert answer["success"] or answer["payload"]["error"]["type"] != "internal"
    assert client.ask("ping")["success"]


def test_it_answers_a_ping_of_every_kind(connect: Connect, live_cast: Cast) -> None:
    client = connect(live_cast.customer())
    client.socket.send('{"action": "ping"}')
    answer = client.receive()
    assert (answer["action"], answer["success"]) == ("ping", True)
    assert "request_id" not in answer
    assert client.ask("ping")["payload"] == {"seq": client.login["sync"]["seq"]}


def test_it_takes_requests_without_an_id(connect: Connect, live_cast: Cast) -> None:
    client = connect(live_cast.customer())
    client.socket.send('{"action": "get_customer"}')
    answer = client.receive()
    assert answer["success"]
    assert "request_id" not in answer


def test_it_sends_only_the_pushes_that_were_asked_for(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chosen = connect(customer, login={"pushes": {LATEST.name: ["incoming_event"]}})
    every = connect(customer, login={"pushes": {LATEST.name: ["all"]}})
    live_cast.reply(chat, "Good day")
    every.push("incoming_event")
    chosen.push("incoming_event")
    assert chosen.names() == ["incoming_event"]
    assert every.names() == ["user_added_to_chat", "incoming_event"]
