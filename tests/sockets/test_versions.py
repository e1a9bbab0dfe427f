"""How versions differ for a client, and how one connection speaks two."""

import pytest

from livechat_widget.protocol.versions import VERSIONS
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


def test_a_request_may_speak_a_newer_version(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    client = connect(customer, version="3.3")
    assert client.ask_ok("list_chats").keys() == {"chats_summary", "total_chats"}
    assert client.ask_ok("list_chats", version="3.7").keys() == {"chats_info", "total_chats"}
    assert client.error("request_welcome_message")["type"] == "validation"
    assert client.ask_ok("request_welcome_message", version="3.6")["queue"] is False
    # It is settled as the request has it, and told as the connection has it.
    assert client.ask("deactivate_chat", {"id": chat.pk}, version="3.5")["success"]
    push = client.push("chat_deactivated")
    assert (push["version"], "request_id" in push) == ("3.3", False)


@pytest.mark.parametrize("wrong", ["3.4", "2.0", "3.8", "", "x"])
def test_a_request_speaks_no_older_version(connect: Connect, live_cast: Cast, wrong: str) -> None:
    client = connect(live_cast.customer(), version="3.5")
    client.sends_anything = True
    for action in ("get_customer", "send_event"):
        assert client.error(action, version=wrong)["type"] == "unsupported_version"
    assert client.ask_ok("get_customer", version="3.5")


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_has_not_is_refused(connect: Connect, live_cast: Cast, version: str) -> None:
    client = connect(live_cast.customer(), version=version)
    for action in ("get_predicted_agent", "request_welcome_message"):
        response = client.ask(action)
        assert response["success"] == VERSIONS[version].has_action(action), response
        if not response["success"]:
            assert response["payload"]["error"]["type"] == "validation"
