"""A planned stop: everybody is told, what is under way is answered, nobody sees a crash."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from livechat_widget.models import Event
from livechat_widget.sockets import connection
from livechat_widget.sockets.customer import CustomerConnection
from tests.cast import Cast
from tests.clients import customer_client
from tests.servers import Kind, start_server
from tests.sockets.messages import message


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
def test_it_says_goodbye_answers_and_closes(live_cast: Cast, kind: Kind) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    with start_server(kind) as server, customer_client(server, live_cast, customer) as vera:
        asked = [
            vera.send("send_event", {"chat_id": chat.pk, "event": message(f"{number}")})
            for number in range(5)
        ]
        vera.wait(lambda frame: frame.get("request_id") == asked[0])
        server.process.terminate()
        assert vera.push("goodbye")["payload"]["reconnect_after_ms"] > 0
        with pytest.raises(ConnectionClosed) as closing:
            vera.wait(lambda frame: False)
        assert closing.value.rcvd is not None
        assert closing.value.rcvd.code == 4012
        assert server.process.wait(10) is not None
        answered = {frame["request_id"] for frame in vera.frames if frame["type"] == "response"}
        stored = Event.objects.filter(chat=chat, author=customer.author_id).count() - 1
        assert stored == len(answered.intersection(asked))
        assert "Traceback" not in server.log()


@pytest.mark.parametrize(
    ("extensions", "first"),
    [
        ({"websocket.http.response": {}}, {"type": "websocket.http.response.start", "status": 503}),
        ({}, {"type": "websocket.close"}),
    ],
)
def test_it_sends_new_ones_to_the_next_process(
    monkeypatch: pytest.MonkeyPatch, extensions: dict[str, Any], first: dict[str, Any]
) -> None:
    """A proxy repeats a handshake that was answered with 503, and no other."""
    monkeypatch.setattr(connection, "get_keeper", lambda: SimpleNamespace(stopping=True))
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def knock() -> None:
        await CustomerConnection({"extensions": extensions}, send, version="3.5").live(receive)

    asyncio.run(knock())
    assert first.items() <= sent[0].items()
