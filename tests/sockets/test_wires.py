"""Frames that no decent client sends: they end their own connection at most."""

import json
import os
import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from livechat_widget.conf import settings
from livechat_widget.models import Customer
from tests.cast import Cast
from tests.clients import Client, customer_client
from tests.servers import Kind, Server, start_server

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
# Protocol error, type that is not taken, no UTF-8, too large; 1006 where no close frame came.
CODES = {1002, 1003, 1006, 1007, 1009}
REQUEST = b'{"action": "ping", "request_id": "p", "payload": {}}'


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def either(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[Server]:
    kind: Kind = request.param
    with start_server(kind) as server:
        yield server


@pytest.fixture
def pair(either: Server, live_cast: Cast) -> Iterator[tuple[Client, Client]]:
    """Who sends what it should not, and a neighbour who must not notice."""
    before = ours_in(either)
    with ExitStack() as stack:
        attacker, neighbour = (
            stack.enter_context(_client(either, live_cast, live_cast.customer())) for _ in range(2)
        )
        yield attacker, neighbour
        assert neighbour.ask("ping")["success"]
        assert neighbour.ask_ok("get_customer")
    assert ours_in(either) == before, either.log()


def ours_in(server: Server) -> int:
    """Lines of tracebacks through our code; uvicorn prints one of its own for text that is none."""
    return server.log().count("/livechat_widget/")


def _client(server: Server, cast: Cast, customer: Customer, **options: Any) -> Client:
    client = customer_client(server, cast, customer, **options)
    client.sends_anything = True
    return client


def frame(
    payload: bytes, opcode: int = TEXT, *, fin: bool = True, rsv: int = 0, masked: bool = True
) -> bytes:
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    size = len(payload)
    length = (
        struct.pack("!BB", first, (0x80 if masked else 0) | size)
        if size < 126
        else struct.pack("!BBH", first, (0x80 if masked else 0) | 126, size)
    )
    if not masked:
        return length + payload
    mask = os.urandom(4)
    return length + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


BROKEN = {
    "no UTF-8": frame(b'{"action": "\xff\xfe"}'),
    "half a character": frame('{"action": "é'.encode()[:-1]),
    "surrogates as UTF-8": frame(b'"\xed\xa0\x80"'),
    "not masked": frame(REQUEST, masked=False),
    "a reserved bit": frame(REQUEST, rsv=4),
    "all reserved bits": frame(REQUEST, rsv=7),
    "an opcode that is none": frame(REQUEST, 3),
    "a control opcode that is none": frame(REQUEST, 11),
    "a long ping": frame(b"x" * 126, PING),
    "a ping in parts": frame(b"x", PING, fin=False),
    "a beginning within another": frame(b"{", fin=False) + frame(REQUEST),
    "a continuation of nothing": frame(REQUEST, 0),
    "a close without a whole code": frame(b"\x03", CLOSE),
    "a close with a code that is none": frame(struct.pack("!H", 999), CLOSE),
    "a close with a reason that is no text": frame(struct.pack("!H", 1000) + b"\xff", CLOSE),
    "a size beyond all": struct.pack("!BBQ", 0x81, 0xFF, 2**62) + b"maskdata",
    "a size with its first bit set": struct.pack("!BBQ", 0x81, 0xFF, 2**63 + 5) + b"maskdata",
    "no WebSocket at all": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_frame_ends_its_own_connection_at_most(
    pair: tuple[Client, Client], kind: str
) -> None:
    attacker, _ = pair
    attacker.socket.socket.sendall(BROKEN[kind])
    code = None
    try:
        answer = attacker.receive()
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 1006
    if code is None:
        assert answer["payload"]["error"]["type"] == "validation"
    else:
        assert code in CODES or "close" in kind


@pytest.mark.parametrize("frames", [2, 10_000])
def test_a_request_in_many_parts_is_one_request(pair: tuple[Client, Client], frames: int) -> None:
    """With pings in between, which are answered at once."""
    client, _ = pair
    text = REQUEST.ljust(frames)
    cut = [text[:-1], text[-1:]] if frames == 2 else [text[at : at + 1] for at in range(frames)]
    parts = [
        frame(part, TEXT if at == 0 else 0, fin=at == len(cut) - 1) for at, part in enumerate(cut)
    ]
    parts[len(parts) // 2 : len(parts) // 2] = [frame(b"are you there", PING)]
    client.socket.socket.sendall(b"".join(parts))
    assert client.receive()["request_id"] == "p"


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_the_largest_frame(pair: tuple[Client, Client], more: int) -> None:
    client, _ = pair
    client.socket.send(REQUEST.decode().ljust(settings.MAX_FRAME_BYTES + more))
    answer = client.receive()
    assert answer["success"] is (more <= 0)
    if more > 0:
        assert str(settings.MAX_FRAME_BYTES) in answer["payload"]["error"]["message"]
    assert client.ask("ping")["success"]


@pytest.mark.parametrize("size", [2**20, 2**24])
@pytest.mark.parametrize("compression", [None, "deflate"])
def test_what_is_far_too_large(
    either: Server, live_cast: Cast, size: int, compression: str | None
) -> None:
    """Compressed it is small on the wire and large in memory."""
    organization = live_cast.organization
    url = f"{either.socket_url}/livechat/v3.5/customer/rtm/ws"
    query = f"organization_id={organization.organization_id}"
    with (
        _client(either, live_cast, live_cast.customer()) as neighbour,
        Client(f"{url}?{query}", compression=compression) as attacker,
    ):
        with suppress(ConnectionClosed):
            attacker.socket.send(REQUEST.decode().ljust(size))
            assert attacker.receive()["payload"]["error"]["type"] == "validation"
        assert neighbour.ask("ping")["success"]


DEEPEST, WIDEST = 32, 1000
CONTENTS = {
    "1e400": False,
    "-1e400": False,
    "NaN": False,
    "-Infinity": False,
    "1" * 5000: False,
    "1." + "0" * 5000: True,
    "-0": True,
    "-0.0": True,
    "1e-400": True,
    "01": False,
    "+1": False,
    ".5": False,
    "'a'": False,
    "[1,]": False,
    '{"a": 1,}': False,
    '{"a": 1, "a": 2}': True,
    '"\\ud800"': False,
    '"\\x41"': False,
    '"\t"': False,
    "[" * DEEPEST + "]" * DEEPEST: True,
    "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1): False,
    "[" * 1000 + "]" * 1000: False,
    "[" * 30_000 + "]" * 30_000: False,
    '{"a":' * 10_000 + "1" + "}" * 10_000: False,
    json.dumps([0] * (WIDEST - 1)): True,
    json.dumps([0] * WIDEST): False,
    json.dumps({str(number): 0 for number in range(5000)}): False,
}


@pytest.mark.parametrize("content", CONTENTS, ids=lambda text: text[:12])
def test_json_at_its_limits(either: Server, live_cast: Cast, content: str) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    event = f'{{"type": "custom", "content": {content}}}'
    payload = f'{{"chat_id": "{chat.pk}", "event": {event}}}'
    with _client(either, live_cast, customer) as client:
        client.socket.send(f'{{"action": "send_event", "request_id": "s", "payload": {payload}}}')
        answer = client.wait(lambda one: one["type"] == "response")
        assert answer["success"] is CONTENTS[content], answer
        if not answer["success"]:
            assert answer["payload"]["error"]["type"] == "validation"
        assert client.ask("ping")["success"]
    assert chat.events.count() == 1 + CONTENTS[content]
