"""The customer's own record over a socket: who hears of a change, and who does not."""

import pytest

from livechat_widget.domain import customers
from livechat_widget.models import Customer, StreamEntry
from livechat_widget.protocol.versions import LATEST
from tests.cast import Cast
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of


def test_set_customer_session_fields(connect: Connect, live_cast: Cast, server: Server) -> None:
    customer = live_cast.customer(session_fields=[{"old": "1"}])
    chat = live_cast.chat(customer)
    vera, tab, stranger = connect(customer), connect(customer), connect(live_cast.customer())
    fields = [{"plan": "gold"}, {"size": "L"}]
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        assert vera.ask_ok("set_customer_session_fields", {"session_fields": fields}) == {}
        for client in (vera, tab, console):
            push = client.push("customer_updated")
            assert push["payload"] == {"id": str(customer.pk), "session_fields": fields}
            assert "request_id" not in push
    assert tab.names() == ["customer_updated"]  # no note of it in the chat
    assert stranger.pushes() == []
    assert Customer.objects.get(pk=customer.pk).session_fields == fields
    assert vera.ask_ok("get_customer")["session_fields"] == fields


@pytest.mark.parametrize("action", ["set_customer_session_fields", "update_customer"])
def test_session_fields_have_a_limit(connect: Connect, live_cast: Cast, action: str) -> None:
    customer = live_cast.customer()
    vera = connect(customer)
    fields = [{f"k{number}": "v"} for number in range(101)]
    error = vera.error(action, {"session_fields": fields})
    assert error["type"] == "customer_session_fields_limit_reached"
    assert vera.ask_ok(action, {"session_fields": fields[1:]}) == {}
    assert len(Customer.objects.get(pk=customer.pk).session_fields) == 100


@pytest.mark.parametrize(
    "fields", [None, {}, "a", [1], [{"a": 1}], [{"a": None}], [{"a\x00": "b"}], [{"a" * 201: "b"}]]
)
def test_session_fields_are_texts(connect: Connect, live_cast: Cast, fields: object) -> None:
    customer = live_cast.customer()
    error = connect(customer).error("set_customer_session_fields", {"session_fields": fields})
    assert error["type"] == "validation"
    assert not StreamEntry.objects.filter(stream=customer.stream).exists()


def test_update_customer_is_noted_in_an_active_chat(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, tab, stranger = connect(customer), connect(customer), connect(live_cast.customer())
    changed = {"name": "Vera", "email": "vera@example.org"}
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        vera.ask_ok("update_customer", changed)
        for client in (vera, tab, console):
            push = client.push("customer_updated")
            assert push["payload"] == {"id": str(customer.pk), **changed}
            note = client.push("incoming_event")
            assert note["payload"]["event"]["system_message_type"] == "customer_updated"
            assert note["payload"]["event"]["text_vars"] == {
                "customer_name": "Vera",
                "customer_email": "vera@example.org",
            }
            assert "request_id" not in push
            assert "request_id" not in note
    assert stranger.pushes() == []


def test_update_customer_page_reaches_every_tab_and_the_console(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, tab = connect(customer, version="3.3"), connect(customer, version="3.3")
    stranger = connect(live_cast.customer(), version="3.3")
    page = {"url": "https://shop.example/chairs", "title": "Chairs " * 60}
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        vera.ask_ok("update_customer_page", page)
        for client in (vera, tab):
            payload = client.push("customer_page_updated")["payload"]
            assert payload.pop("opened_at").endswith("Z")
            assert payload == page
        payload = console.push("customer_page_updated")["payload"]
        assert (payload["customer_id"], payload["url"]) == (str(customer.pk), page["url"])
    assert stranger.pushes() == []
    assert vera.ask_ok("get_customer")["statistics"]["page_views_count"] == 1


def test_side_storage_is_kept_and_pushed(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    first = connect(customer, login={"customer_side_storage": {"seen": "1"}})
    stranger = connect(live_cast.customer())
    assert Customer.objects.get(pk=customer.pk).side_storage == {"seen": "1"}
    fresh = connect(customer)  # another browser, which holds nothing yet
    push = fresh.push("customer_side_storage_updated")
    assert push["payload"] == {"customer_side_storage": {"seen": "1"}}
    assert first.pushes() == []
    assert stranger.pushes() == []


def test_a_newer_side_storage_comes_with_the_next_login(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    customers.keep_aside(customer, {"seen": "2"})
    old = connect(customer, login={"customer_side_storage": {"seen": "1"}})
    push = old.push("customer_side_storage_updated")
    assert push["payload"] == {"customer_side_storage": {"seen": "2"}}
    same = connect(customer, login={"customer_side_storage": {"seen": "2"}})
    assert same.pushes() == []
    deaf = connect(customer, login={"pushes": {LATEST.name: ["customer_updated"]}})
    assert "customer_side_storage_updated" not in deaf.pushes()


def test_a_side_storage_reaches_the_tabs_that_are_open(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    tab = connect(customer)
    assert tab.pushes() == []
    connect(customer, login={"customer_side_storage": {"seen": "3"}})
    push = tab.push("customer_side_storage_updated")
    assert push["payload"] == {"customer_side_storage": {"seen": "3"}}
    assert "seq" not in push


def test_coming_back_is_no_other_visit(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    page = {"customer_page": {"url": "https://shop.example/"}}
    connect(customer, login=page)
    again = connect(customer, login=page)
    statistics = again.login["customer"]["statistics"]
    assert (statistics["visits_count"], statistics["page_views_count"]) == (1, 1)
