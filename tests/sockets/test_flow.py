"""A client that says how far it has got is never sent more than it can take."""

import json

from livechat_widget.domain import events
from livechat_widget.protocol.events import NewMessage
from livechat_widget.sockets.outbox import WINDOW_FRAMES
from tests.cast import Cast
from tests.sockets.conftest import Connect


def numbers(client) -> list[int]:
    return [frame["seq"] for frame in client.frames if frame.get("type") == "push"]


def acknowledge(client, received: int) -> None:
    client.socket.send(json.dumps({"action": "ack", "payload": {"received": received}}))


def test_it_stops_at_the_window_and_goes_on_after_an_acknowledgement(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, other = connect(customer), connect(customer)
    acknowledge(vera, 0)
    vera.ask("ping")
    total = WINDOW_FRAMES + 50
    for number in range(total):
        events.send(chat.pk, customer, NewMessage(text=str(number)))
    while len(numbers(other)) < total:  # the plain one gets everything
        other.receive()
    while len(numbers(vera)) < WINDOW_FRAMES:
        vera.receive()
    # The answer tells of everything, and comes after whatever was sent before it.
    assert vera.ask("ping")["payload"]["seq"] == vera.login["sync"]["seq"] + total
    assert len(numbers(vera)) == WINDOW_FRAMES
    acknowledge(vera, 10)  # too few for a page to be read for
    vera.ask("ping")
    assert len(numbers(vera)) == WINDOW_FRAMES
    acknowledge(vera, WINDOW_FRAMES)
    while len(numbers(vera)) < total:
        vera.receive()
    start = vera.login["sync"]["seq"]
    assert numbers(vera) == list(range(start + 1, start + 1 + total))


def test_an_acknowledgement_is_not_answered(connect: Connect, live_cast: Cast) -> None:
    client = connect(live_cast.customer())
    acknowledge(client, 5)
    client.ask("ping")
    assert [frame["action"] for frame in client.frames] == ["login", "ping"]


def test_a_bad_acknowledgement_is_refused(connect: Connect, live_cast: Cast) -> None:
    client = connect(live_cast.customer())
    assert client.error("ack", {"received": "all"})["type"] == "validation"
