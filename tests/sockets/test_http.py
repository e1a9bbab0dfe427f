"""What is done over HTTP comes to the sockets, too."""

import json
import urllib.request
from typing import Any

from livechat_widget.models import Customer
from tests.cast import Cast
from tests.servers import Server
from tests.sockets.conftest import Connect


def post(server: Server, cast: Cast, customer: Customer, action: str, payload: Any) -> Any:
    request = urllib.request.Request(
        f"{server.url}/livechat/v3.5/customer/action/{action}"
        f"?license_id={cast.organization.license_id}",
        json.dumps(payload).encode(),
        {"Authorization": cast.token(customer), "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def test_it_works(server: Server, connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    client = connect(customer)
    event = {"type": "message", "text": "Hello", "custom_id": "c1"}
    started = post(
        server, live_cast, customer, "start_chat", {"chat": {"thread": {"events": [event]}}}
    )
    assert client.push("incoming_chat")["payload"]["chat"]["id"] == started["chat_id"]
    payload = {"chat_id": started["chat_id"], "event": {"type": "message", "text": "More"}}
    sent = post(server, live_cast, customer, "send_event", payload)
    push = client.push("incoming_event")
    assert push["payload"]["event"]["id"] == sent["event_id"]
    # There is no request on this connection that it could settle.
    assert "request_id" not in push
    assert client.ask_ok("ping")["seq"] == push["seq"]


def test_a_socket_opens_behind_the_segment_of_published_clients(
    server: Server, connect: Connect, live_cast: Cast
) -> None:
    client = connect(live_cast.customer(), prefix="lc.livechatinc.com/")
    assert client.ask_ok("ping")["seq"] == 0
