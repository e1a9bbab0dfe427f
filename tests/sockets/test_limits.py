"""What one connection, address or customer may ask for; nobody else suffers from it."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from livechat_widget.models import Worker
from tests.cast import Cast
from tests.clients import Client
from tests.servers import Server, start_server
from tests.sockets.ends import end_of, guest, new_address
from tests.sockets.messages import message

STRICT = {
    "REQUESTS_PER_SECOND": 2,
    "SENDS_PER_SECOND": 1,
    "HANDSHAKES_PER_MINUTE": 6,
    "LOGINS_PER_MINUTE": 3,
    "UNAUTHENTICATED_PER_ADDRESS": 2,
    "SOCKETS_PER_CUSTOMER": 3,
}
Come = Callable[..., Client]


@pytest.fixture(scope="module")
def strict(django_db_setup: None) -> Iterator[Server]:
    with start_server("uvicorn", LIVECHAT_TEST_SETTINGS=json.dumps(STRICT)) as server:
        yield server


@pytest.fixture
def come(strict: Server, live_cast: Cast) -> Iterator[Come]:
    """Open a socket, from an address of its own where none is given."""
    with ExitStack() as stack:

        def open_one(server: Server = strict, **options: Any) -> Client:
            given = {"address": new_address(), **options}
            return stack.enter_context(guest(server, live_cast, **given))

        yield open_one


def log_in(client: Client, cast: Cast, customer: Any = None) -> Client:
    client.ask_ok("login", {"token": cast.token(customer or cast.customer())})
    return client


def test_requests_of_a_connection_are_limited(come: Come, live_cast: Cast) -> None:
    hasty, other = log_in(come(), live_cast), log_in(come(), live_cast)
    asked = [hasty.send("get_customer") for _ in range(40)]
    answers = [hasty.wait(lambda one, r=one: one.get("request_id") == r) for one in asked]
    refused = [one["payload"]["error"] for one in answers if not one["success"]]
    assert len(answers) - len(refused) >= 19  # ten seconds' worth, and the login
    assert {one["type"] for one in refused} == {"too_many_requests"}
    assert all(0 < one["data"]["retry_after_ms"] <= 500 for one in refused)
    assert other.ask("get_customer")["success"]


def test_messages_of_a_connection_are_limited(come: Come, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    hasty = log_in(come(), live_cast, customer)
    answers = [
        hasty.ask("send_event", {"chat_id": chat.pk, "event": message(f"{number}")})
        for number in range(13)
    ]
    refused = [one["payload"]["error"] for one in answers if not one["success"]]
    assert {one["type"] for one in refused} == {"too_many_requests"}
    assert refused[0]["message"].startswith("At most 1 messages a second are taken here;")
    # Other requests go on, and so do other connections of the same customer.
    assert hasty.ask("get_customer")["success"]
    other = log_in(come(), live_cast, customer)
    assert other.ask("send_event", {"chat_id": chat.pk, "event": message("Hello")})["success"]


def test_acknowledgements_are_free(come: Come, live_cast: Cast) -> None:
    client = log_in(come(), live_cast)
    for number in range(100):
        client.socket.send(json.dumps({"action": "ack", "payload": {"received": number}}))
    assert client.ask("ping")["success"]


def test_handshakes_of_an_address_are_limited(come: Come, live_cast: Cast) -> None:
    address = new_address()
    for _ in range(STRICT["HANDSHAKES_PER_MINUTE"]):
        come(address=address).__exit__(None, None, None)
    with pytest.raises(InvalidStatus) as refusal:
        come(address=address)
    assert refusal.value.response.status_code == 429
    assert come().ask("ping")["success"]


def test_logins_of_an_address_are_limited(come: Come, live_cast: Cast) -> None:
    address = new_address()
    client = come(address=address)
    for _ in range(STRICT["LOGINS_PER_MINUTE"]):
        assert client.error("login", {"token": "nonsense"})["type"] == "authentication"
    error = client.error("login", {"token": live_cast.token(live_cast.customer())})
    assert error["type"] == "too_many_requests"
    assert error["data"]["retry_after_ms"] > 1000
    log_in(come(), live_cast)


def test_sockets_without_a_login_are_limited_by_address(come: Come, live_cast: Cast) -> None:
    address = new_address()
    first, _ = [come(address=address) for _ in range(STRICT["UNAUTHENTICATED_PER_ADDRESS"])]
    expected = ({"reason": "too_many_unauthorized_connections"}, 4410)
    assert end_of(come(address=address)) == expected
    assert come().ask("ping")["success"]
    log_in(first, live_cast)
    assert come(address=address).ask("ping")["success"]


def test_a_network_of_ipv6_is_one_address(come: Come, live_cast: Cast) -> None:
    for number in range(STRICT["UNAUTHENTICATED_PER_ADDRESS"]):
        come(address=f"2001:db8::{number + 1}")
    assert end_of(come(address="2001:db8::99"))[1] == 4410
    assert come(address="2001:db8:0:1::1").ask("ping")["success"]


def test_a_proxy_that_names_nobody_is_not_limited(come: Come) -> None:
    for _ in range(STRICT["HANDSHAKES_PER_MINUTE"] + 3):
        assert come(address="").ask("ping")["success"]


def test_sockets_of_a_customer_are_limited(come: Come, live_cast: Cast) -> None:
    customer = live_cast.customer()
    token = {"token": live_cast.token(customer)}
    clients = [log_in(come(), live_cast, customer) for _ in range(STRICT["SOCKETS_PER_CUSTOMER"])]
    one_too_many = come()
    asked = one_too_many.send("login", token)
    assert end_of(one_too_many) == ({"reason": "too_many_connections"}, 4410)
    assert [one.get("request_id") for one in one_too_many.frames] != [asked]
    log_in(come(), live_cast)
    assert clients[0].ask("ping")["success"]
    clients[0].__exit__(None, None, None)
    # A place is free once the server has heard of it.
    while not _lets_in(come, token):
        pass


def _lets_in(come: Come, token: dict[str, str]) -> bool:
    client = come()
    client.send("login", token)
    return client.receive()["type"] == "response"


def test_a_login_that_fails_takes_no_place(come: Come, live_cast: Cast) -> None:
    customer = live_cast.customer()
    token = live_cast.token(customer)
    customer.token_generation += 1
    customer.save()
    for _ in range(STRICT["SOCKETS_PER_CUSTOMER"] + 1):
        assert come().error("login", {"token": token})["type"] == "authentication"
    log_in(come(), live_cast, customer)


@pytest.fixture
def small(django_db_setup: None) -> Iterator[tuple[Server, Server]]:
    """Two processes that know of each other by the database alone."""
    limits = json.dumps({"CUSTOMERS_ONLINE": 6, "SOCKETS_PER_CUSTOMER": 2, "CHANNEL_LAYER": None})
    with (
        start_server("daphne", LIVECHAT_TEST_SETTINGS=limits) as one,
        start_server("uvicorn", LIVECHAT_TEST_SETTINGS=limits) as other,
    ):
        yield one, other


def test_processes_count_customers_and_their_sockets_together(
    small: tuple[Server, Server], come: Come, live_cast: Cast
) -> None:
    Worker.objects.all().delete()  # what other tests have told of themselves
    one, other = small
    vera = live_cast.customer()
    with log_in(come(one, address=""), live_cast, vera) as first:
        log_in(come(one, address=""), live_cast, vera)
        for _ in range(5):
            log_in(come(one, address=""), live_cast)
        error = come(one, address="").error("login", _token(live_cast))
        assert error["type"] == "users_limit_reached"
        # The other one hears of it with the next round that it makes for a customer of its own.
        bob = log_in(come(other, address=""), live_cast)
        while _is_let_in(come(other, address=""), live_cast):
            bob.ask("ping")
        refused = come(other, address="")
        refused.send("login", {"token": live_cast.token(vera)})
        assert end_of(refused)[0] == {"reason": "too_many_connections"}
        assert first.ask("ping")["success"]


def _token(cast: Cast) -> dict[str, str]:
    return {"token": cast.token(cast.customer())}


def _is_let_in(client: Client, cast: Cast) -> bool:
    with client:
        answer = client.ask("login", _token(cast))
    if not answer["success"]:
        assert answer["payload"]["error"]["type"] == "users_limit_reached"
    return bool(answer["success"])
