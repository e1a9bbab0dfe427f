"""How 3.3 and 3.5 differ for a client."""

from tests.cast import Cast
from tests.sockets.conftest import Connect


def test_3_3_settles_deactivate_chat_by_its_push(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    client = connect(customer, version="3.3")
    asked = client.send("deactivate_chat", {"id": chat.pk})
    # A request id on the note would settle the promise with the wrong push.
    assert "request_id" not in client.push("incoming_event")
    assert client.push("chat_deactivated")["request_id"] == asked


def test_3_5_settles_deactivate_chat_by_its_response(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    client = connect(customer, version="3.5")
    assert client.ask("deactivate_chat", {"id": chat.pk})["success"]
    assert "request_id" not in client.push("chat_deactivated")
