"""The official Python client of the protocol, unmodified, over TLS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from livechat.customer.rtm.base import CustomerRTM

from livechat_widget.models import Event
from tests.cast import Cast
from tests.servers import Server, start_server


@pytest.fixture(scope="module")
def tls_server(django_db_setup: None, certificate: tuple[Path, Path]) -> Iterator[Server]:
    with start_server("uvicorn", certificate=certificate) as one:
        yield one


def test_it_works(tls_server: Server, live_cast: Cast) -> None:
    customer = live_cast.customer(name="Vera")
    client = CustomerRTM.get_client(
        organization_id=str(live_cast.organization.organization_id),
        version="3.5",
        base_url=f"127.0.0.1:{tls_server.port}/livechat",
    )
    client.open_connection()
    try:
        login = client.login(token=live_cast.token(customer))
        assert login.success, login
        assert login.payload["customer"]["name"] == "Vera"
        started = client.start_chat(
            chat={"thread": {"events": [{"type": "message", "text": "Hello"}]}}
        )
        assert started.success, started
        chat_id = started.payload["chat_id"]
        sent = client.send_event(chat_id=chat_id, event={"type": "message", "text": "Bye"})
        assert sent.success, sent
        assert Event.objects.get(pk=sent.payload["event_id"]).chat_id == chat_id
        shown = client.get_chat(chat_id=chat_id)
        assert [event["text"] for event in shown.payload["thread"]["events"]] == ["Hello", "Bye"]
        pushes = [frame["action"] for frame in client.ws.messages if frame["type"] == "push"]
        assert "incoming_chat" in pushes
        refused = client.send_event(chat_id="ABSENT2345", event={"type": "message", "text": "x"})
        assert refused.success is False
        assert refused.payload["error"]["type"] == "not_found"
    finally:
        client.close_connection()
